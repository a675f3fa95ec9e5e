package dev.echod.transport;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionLife;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a connection's listener be called on other threads than its event loop's, one
 * message at a time and in order. Used on the event loop.
 */
final class ListenerCalls {

	private static final Logger logger = LoggerFactory.getLogger(ListenerCalls.class);

	/**
	 * What a message that waits for the listener takes besides its payload.
	 */
	private static final int WAITING_BYTES = 256;

	private final NettyTcpConnection connection;

	private final ConnectionLife life;

	private final ChannelWire wire;

	private final Lane lane;

	private final ReadGate gate;

	private final WriteBufferWaterMark waterMark;

	/**
	 * Bytes that the listener was given and has not done with.
	 */
	private volatile long givenBytes;

	/**
	 * Create the calls of a connection.
	 * @param executor calls the listener
	 * @param gate is shut while the listener is behind, by what the connection's water
	 * mark for writing says
	 */
	ListenerCalls(NettyTcpConnection connection, ChannelWire wire, ReadGate gate, Executor executor) {
		this.connection = connection;
		this.life = connection.served().life();
		this.wire = wire;
		this.gate = gate;
		this.waterMark = connection.channel().config().getWriteBufferWaterMark();
		this.lane = new Lane(executor);
	}

	/**
	 * Gives the listener a message, unless the connection is closing. One that the
	 * executor does not take is the last.
	 * @param message taken in any case
	 */
	void give(Object message, int length) {
		if (!this.life.owe()) {
			ReferenceCountUtil.release(message);
			return;
		}
		int cost = length + WAITING_BYTES;
		given(cost);
		try {
			this.lane.execute(() -> {
				try {
					deliver(message);
				}
				finally {
					// Comes to the event loop after whatever was sent.
					this.wire.execute(() -> handled(cost));
				}
			});
		}
		catch (RejectedExecutionException ex) {
			ReferenceCountUtil.release(message);
			this.life.abandon();
			this.wire.executeLater(() -> handled(cost));
			this.connection.failed(ex, CloseReason.SERVICE_FAILED);
		}
	}

	private void deliver(Object message) {
		if (this.life.isAbandoned()) {
			ReferenceCountUtil.release(message);
		}
		else {
			this.connection.deliver(message);
		}
	}

	private void handled(int cost) {
		given(-cost);
		this.life.settle();
	}

	/**
	 * Bytes that the listener was given and has not done with; from any thread.
	 */
	long givenBytes() {
		return this.givenBytes;
	}

	@SuppressWarnings("NonAtomicVolatileUpdate") // written on the event loop alone
	private void given(int cost) {
		this.givenBytes += cost;
		boolean behind = this.gate.has(ReadGate.Reason.LISTENER_BEHIND);
		this.gate.set(ReadGate.Reason.LISTENER_BEHIND,
				this.givenBytes > (behind ? this.waterMark.low() : this.waterMark.high()));
	}

	/**
	 * Tells the application something, after the messages before; where the executor
	 * takes no more, at once.
	 */
	void inOrder(Runnable action) {
		try {
			this.lane.execute(action);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("{} is not told in order", this.connection.served(), ex);
			action.run();
		}
	}

}
