package dev.echod.transport;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.echod.connection.ConnectionLife;
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

	private final Runnable handled;

	/**
	 * Bytes that the listener was given and has not done with.
	 */
	private long givenBytes;

	/**
	 * Create the calls of a connection.
	 * @param executor calls the listener
	 * @param handled called when the listener has done with a message
	 */
	ListenerCalls(NettyTcpConnection connection, ChannelWire wire, Executor executor, Runnable handled) {
		this.connection = connection;
		this.life = connection.served().life();
		this.wire = wire;
		this.lane = new Lane(executor);
		this.handled = handled;
	}

	long givenBytes() {
		return this.givenBytes;
	}

	/**
	 * Gives the listener a message, unless the connection is closing.
	 * @param message taken in any case
	 * @throws RejectedExecutionException if the executor does not take it
	 */
	void give(Object message, int length) {
		if (!this.life.owe()) {
			ReferenceCountUtil.release(message);
			return;
		}
		int cost = length + WAITING_BYTES;
		this.givenBytes += cost;
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
			throw ex;
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
		this.givenBytes -= cost;
		this.handled.run();
		this.life.settle();
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
