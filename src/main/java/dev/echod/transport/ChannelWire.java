package dev.echod.transport;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.echod.connection.ConnectionPace;
import dev.echod.connection.TcpFigures;
import dev.echod.connection.Wire;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel, as a connection's life acts on it: its order is that of the event loop.
 */
class ChannelWire implements Wire {

	private static final Logger logger = LoggerFactory.getLogger(ChannelWire.class);

	private final SocketChannel channel;

	private final EventLoops eventLoops;

	private final ReadGate gate;

	private final ConnectionOutput output;

	private @Nullable Future<?> timer;

	private @Nullable TcpFigures tcpFigures;

	ChannelWire(SocketChannel channel, EventLoops eventLoops, ReadGate gate, ConnectionOutput output) {
		this.channel = channel;
		this.eventLoops = eventLoops;
		this.gate = gate;
		this.output = output;
	}

	@Override
	public void execute(Runnable action) {
		if (this.channel.eventLoop().inEventLoop()) {
			action.run();
		}
		else {
			executeLater(action);
		}
	}

	/**
	 * Runs an action on the event loop, after what waits there already; from any thread.
	 */
	void executeLater(Runnable action) {
		try {
			this.channel.eventLoop().execute(action);
		}
		catch (RejectedExecutionException ex) {
			// The event loops are closed, and with them the connection.
			logger.debug("{} has no event loop anymore", this.channel);
		}
	}

	/**
	 * Runs an action on the event loop when that has looked once at each of its sockets;
	 * called on it.
	 */
	void executeAfterOthers(Runnable action) {
		// A task, unlike this, has the loop run others for up to a second first.
		executeAfter(action, 0);
	}

	/**
	 * Runs an action on the event loop when a time has passed; called on it.
	 */
	void executeAfter(Runnable action, long delayNanos) {
		try {
			this.channel.eventLoop().schedule(action, delayNanos, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("{} has no event loop anymore", this.channel);
		}
	}

	/**
	 * Holds back what the peer sends, for others to catch up, or goes on.
	 */
	void hold(boolean hold) {
		this.gate.set(ReadGate.Reason.HELD, hold);
	}

	@Override
	public void discardInput() {
		this.gate.discard();
	}

	@Override
	public void pace(@Nullable ConnectionPace pace) {
		ChannelPipeline pipeline = this.channel.pipeline();
		if (pipeline.get(PacedReads.class) != null) {
			pipeline.remove(PacedReads.class);
		}
		ChannelHandlerContext input = pipeline.context(ConnectionInput.class);
		if (pace != null && input != null) {
			pipeline.addBefore(input.name(), null, new PacedReads(pace, this.gate, this));
		}
	}

	/**
	 * Nothing can be sent any more.
	 */
	void outputCut() {
		this.output.end().cut();
		this.gate.outputEnded();
	}

	@Override
	public void finish(Consumer<Boolean> taken) {
		this.gate.outputEnded();
		this.output.finish().addListener((flushed) -> taken.accept(flushed.isSuccess()));
	}

	/**
	 * With {@code soLinger} 0 the connection is reset, as its factory was told.
	 */
	@Override
	public void sendFin() {
		if (this.channel.config().getSoLinger() == 0) {
			close();
		}
		else {
			this.channel.shutdownOutput();
		}
	}

	@Override
	public void close() {
		look();
		this.channel.close();
	}

	/**
	 * A socket that is closed tells nothing.
	 */
	void look() {
		if (this.eventLoops.isTcpAsked() && this.tcpFigures == null && this.channel.isOpen()) {
			this.tcpFigures = SystemTcp.figuresOf(this.channel);
		}
	}

	@Override
	public void reset() {
		if (this.channel.isOpen()) {
			this.channel.config().setSoLinger(0);
			closeHard();
		}
	}

	/**
	 * Closes at once, and tells the peer nothing.
	 */
	void closeHard() {
		close();
	}

	@Override
	public void schedule(Runnable action, long delayNanos) {
		cancelTimer();
		this.timer = this.channel.eventLoop().schedule(action, delayNanos, TimeUnit.NANOSECONDS);
	}

	/**
	 * Forgets what was to run.
	 */
	void cancelTimer() {
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

	@Override
	public long nanoTime() {
		return this.eventLoops.recentNanos();
	}

	@Override
	public long pendingBytes() {
		var outbound = this.channel.unsafe().outboundBuffer();
		return (outbound != null) ? outbound.totalPendingWriteBytes() : 0;
	}

	@Override
	public long memoryBytes() {
		return pendingBytes() + this.gate.keptBytes();
	}

	@Override
	public boolean isHeldBack() {
		return this.gate.isBehind();
	}

	@Override
	public @Nullable TcpFigures tcpFigures() {
		return this.tcpFigures;
	}

	@Override
	public long taken() {
		var outbound = this.channel.unsafe().outboundBuffer();
		return (outbound != null) ? ((writtenBuffers() - outbound.size()) << Integer.SIZE) + outbound.currentProgress()
				: writtenBuffers() << Integer.SIZE;
	}

	/**
	 * How many buffers the socket was given.
	 */
	long writtenBuffers() {
		return this.output.written();
	}

}
