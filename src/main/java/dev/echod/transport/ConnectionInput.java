package dev.echod.transport;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionActivity;
import dev.echod.connection.ConnectionLife;
import dev.echod.framing.FrameBuffer;
import dev.echod.framing.FrameDecoder;
import dev.echod.framing.Framing;
import dev.echod.framing.Interim;
import dev.echod.gateway.CloseReasons;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a connection receives, on its way from the socket to its listener: as it comes, or
 * cut into messages, one after the other while the {@link ReadGate} is open. Used on the
 * event loop.
 */
final class ConnectionInput extends ChannelInboundHandlerAdapter {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionInput.class);

	private final NettyTcpConnection connection;

	private final SocketChannel channel;

	private final EventLoops eventLoops;

	private final ConnectionLife life;

	private final ConnectionActivity activity;

	private final ReadGate gate;

	private final ConnectionOutput output;

	private final ChannelWire wire;

	/**
	 * Null when a message is what one read returns, and nothing is kept.
	 */
	private @Nullable FrameBuffer frames;

	/**
	 * Whether a message is what one read returns.
	 */
	private boolean stream = true;

	/**
	 * Null when the listener is called on the event loop.
	 */
	private @Nullable ListenerCalls calls;

	/**
	 * Bytes kept that came while the gate was shut.
	 */
	private long heldBytes;

	/**
	 * Whether what is read is delivered as it is, on the event loop, unless something is
	 * kept.
	 */
	private boolean direct;

	private boolean endSeen;

	private long writtenBeforeRead;

	ConnectionInput(NettyTcpConnection connection, SocketChannel channel, EventLoops eventLoops, ReadGate gate,
			ConnectionOutput output, ChannelWire wire) {
		this.connection = connection;
		this.channel = channel;
		this.eventLoops = eventLoops;
		this.life = connection.served().life();
		this.activity = connection.served().activity();
		this.gate = gate;
		this.output = output;
		this.wire = wire;
	}

	/**
	 * Delivers what is read as it is, from now on, on the event loop.
	 */
	void deliverDirectly() {
		this.direct = this.calls == null;
	}

	/**
	 * Has the listener be called by an executor, one message at a time.
	 */
	void callListenerBy(Executor executor) {
		this.calls = new ListenerCalls(this.connection, this.wire, executor, this::adjust);
	}

	/**
	 * Cuts messages out of what comes from now on.
	 * @param decoder null when a message is what one read returns
	 */
	void decodeWith(@Nullable FrameDecoder decoder) {
		this.stream = decoder == null;
		FrameDecoder next = (decoder != null) ? decoder : Framing.STREAM.decoder(0);
		if (this.frames != null) {
			this.frames.decodeWith(next);
		}
		else if (decoder != null) {
			this.frames = new FrameBuffer(next);
		}
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.connection.opened();
		inOrder(this.connection::publishOpened);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		ByteBuf bytes = (ByteBuf) msg;
		int length = bytes.readableBytes();
		this.output.beginBatch();
		this.activity.received(length, this.eventLoops.recentNanos());
		if (this.direct && this.frames == null && this.gate.passes()) {
			this.activity.messageReceived();
			this.connection.deliver(bytes);
		}
		else {
			read(bytes, length);
		}
	}

	private void read(ByteBuf bytes, int length) {
		this.connection.useNextDeserializer();
		this.writtenBeforeRead = this.output.written();
		if (this.life.isClosing()) {
			bytes.release();
		}
		else if (this.frames == null && this.gate.isOpen()) {
			received(bytes, length);
		}
		else {
			keep(bytes, length);
			cut();
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		this.output.endBatch();
	}

	private void keep(ByteBuf bytes, int length) {
		if (this.frames == null) {
			this.frames = new FrameBuffer(Framing.STREAM.decoder(0));
		}
		this.frames.add(this.channel.alloc(), bytes);
		if (!this.gate.isOpen()) {
			this.heldBytes += length;
			if (!this.eventLoops.held().add(length)) {
				logger.debug("{} is reset: too much is kept that cannot be answered", this.connection.served());
				this.connection.served().reset(CloseReason.SLOW_READER);
			}
		}
	}

	/**
	 * Takes messages out of what is kept while the gate is open.
	 * @return whether none is left that could be taken
	 */
	private boolean cut() {
		FrameBuffer kept = this.frames;
		boolean taken = kept == null || this.life.isClosing();
		try {
			while (kept != null && !taken && this.gate.isOpen()) {
				int before = kept.size();
				Object message = kept.next();
				if (message != null) {
					received(message, before - kept.size());
				}
				taken = message == null || this.life.isClosing();
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			taken = true;
			failed(ex, CloseReasons.ofFrame(ex));
		}
		if (taken) {
			releaseHeld();
		}
		if (kept != null && (this.life.isClosing() || (this.stream && kept.size() == 0))) {
			kept.release();
			this.frames = null;
		}
		return taken;
	}

	private void releaseHeld() {
		this.eventLoops.held().remove(this.heldBytes);
		this.heldBytes = 0;
	}

	/**
	 * Goes on with what is kept, and after it with the peer's FIN.
	 */
	private void proceed() {
		long before = this.activity.messages();
		boolean begun = this.output.beginBatch();
		boolean taken = true;
		try {
			taken = cut();
		}
		finally {
			if (begun) {
				this.output.endBatch();
			}
		}
		if (!this.endSeen || !taken || this.life.isInputEnded()) {
			return;
		}
		if (this.activity.messages() > before) {
			// After what those messages have done on this event loop, in a room above
			// all.
			this.wire.executeLater(this::proceed);
		}
		else {
			this.life.peerEnded();
		}
	}

	private void received(Object message, int length) {
		if (message instanceof Interim) {
			this.output.sendNow(message);
			return;
		}
		this.activity.messageReceived();
		if (this.calls == null) {
			this.connection.deliver(message);
		}
		else {
			give(this.calls, message, length);
		}
	}

	private void give(ListenerCalls known, Object message, int length) {
		try {
			known.give(message, length);
		}
		catch (RejectedExecutionException ex) {
			failed(ex, CloseReason.SERVICE_FAILED);
		}
		adjust();
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		adjust();
	}

	/**
	 * Holds back what the peer sends, for others to catch up, or goes on.
	 */
	void hold(boolean hold) {
		change(ReadGate.Reason.HELD, hold);
	}

	/**
	 * Reads while the peer and the listener keep up. Who is sent no more is not waited
	 * for.
	 */
	void adjust() {
		change(ReadGate.Reason.PEER_SLOW, !this.channel.isWritable() && !this.life.isOutputEnded());
		var waterMark = this.channel.config().getWriteBufferWaterMark();
		boolean behind = this.gate.has(ReadGate.Reason.LISTENER_BEHIND);
		change(ReadGate.Reason.LISTENER_BEHIND,
				this.calls != null && this.calls.givenBytes() > (behind ? waterMark.low() : waterMark.high()));
	}

	private void change(ReadGate.Reason reason, boolean present) {
		if (this.gate.set(reason, present) && (this.frames != null || this.endSeen)) {
			// Later, for others to have their turn.
			this.wire.executeLater(this::proceed);
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof ChannelInputShutdownEvent && !this.endSeen) {
			this.endSeen = true;
			this.gate.inputEnded();
			if (this.frames != null) {
				this.frames.end();
			}
			// After what the messages before had done on this event loop, in a room above
			// all.
			this.wire.executeLater(this::proceed);
		}
		else if (event instanceof IdleStateEvent idle) {
			// A client that awaits a reply gets the time twice.
			boolean awaiting = !this.connection.isServer() && this.output.written() > this.writtenBeforeRead;
			if (!awaiting || !idle.isFirst()) {
				timedOut();
			}
		}
	}

	private void timedOut() {
		IOException failure = new SocketTimeoutException("Timing out connection");
		try {
			Object message = (this.frames != null) ? this.frames.failed(failure) : null;
			if (message != null) {
				// The time-out was taken for the end of a message; the next is not.
				received(message, 0);
				return;
			}
		}
		catch (IOException | RuntimeException ex) {
			failure = (ex instanceof IOException io) ? io : new IOException(ex);
		}
		boolean first = !this.life.isCloseRequested() && this.output.failed(failure);
		this.life.fail(CloseReason.READ_TIMEOUT);
		if (first) {
			this.connection.publishFailure(failure);
		}
	}

	/**
	 * Closes in order: what came before is answered.
	 */
	void failed(Throwable cause, CloseReason reason) {
		boolean first = this.output.failed(cause);
		this.connection.served().close(reason);
		if (first) {
			this.connection.publishFailure(cause);
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (cause instanceof ClosedChannelException) {
			return;
		}
		// Each write that was pending tells of the same failure.
		if (this.output.failed(cause)) {
			logger.debug("{} failed", this.connection.served(), cause);
			this.life.fail(CloseReasons.ofSocket(cause));
			this.connection.publishFailure(cause);
		}
	}

	/**
	 * The last event of any connection.
	 */
	@Override
	public void channelUnregistered(ChannelHandlerContext ctx) {
		releaseHeld();
		if (this.frames != null) {
			this.frames.release();
			this.frames = null;
		}
		this.output.ended();
		this.wire.cancelTimer();
		this.connection.ended();
		inOrder(this.connection::publishClosed);
	}

	private void inOrder(Runnable action) {
		if (this.calls != null) {
			this.calls.inOrder(action);
		}
		else {
			action.run();
		}
	}

}
