package dev.echod.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.echod.connection.CloseReason;
import dev.echod.framing.LastReply;
import dev.echod.framing.TruncatedFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a byte between a connection's socket and its listener, and the order in
 * which a connection ends. Its methods are called on the event loop, but where they say
 * otherwise.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionHandler.class);

	private static final int SMALL_READ = 2048;

	/**
	 * What a queued message takes besides its payload.
	 */
	private static final int QUEUED_BYTES = 256;

	private static final long FLUSH_TIMEOUT_SECONDS = 10;

	private static final long FIN_TIMEOUT_SECONDS = 1;

	private final NettyTcpConnection connection;

	private final SocketChannel channel;

	private final EventLoops eventLoops;

	/**
	 * Null when a message is what one read returns.
	 */
	private @Nullable DeserializerDecoder decoder;

	/**
	 * Null when the listener is called on the event loop.
	 */
	private @Nullable SerialExecutor listenerExecutor;

	/**
	 * Whether a codec before this handler makes the messages, and a {@link ByteCounter}
	 * counts their bytes.
	 */
	private boolean framed;

	/**
	 * What the listener was given and has not done with.
	 */
	private int owedTasks;

	private long owedBytes;

	private final AtomicBoolean closeRequested = new AtomicBoolean();

	/**
	 * Whether a reply is missing, so that none may follow.
	 */
	private volatile boolean abandoned;

	private boolean held;

	private boolean reading;

	private boolean flushDue;

	private boolean replyAwaited;

	private boolean inputEnded;

	private boolean outputEnded;

	private boolean discarding;

	/**
	 * Whether the peer's FIN is awaited for as long as it takes.
	 */
	private boolean patient;

	private @Nullable CloseReason closeReason;

	private @Nullable Throwable failure;

	private final ConnectionActivity activity;

	private final WriteStall writeStall;

	ConnectionHandler(NettyTcpConnection connection, SocketChannel channel, EventLoops eventLoops) {
		this.connection = connection;
		this.channel = channel;
		this.eventLoops = eventLoops;
		this.activity = new ConnectionActivity(eventLoops.recentNanos());
		this.writeStall = new WriteStall(channel, this.activity, () -> reset(CloseReason.SLOW_READER));
	}

	/**
	 * Chooses the way of a byte, before the first one is read.
	 * @param decoder null when a message is what one read returns
	 * @param executor calls the listener; null to call it on the event loop
	 * @param framed whether a codec makes the messages
	 * @param writeStallMillis how long the peer may not read; 0 is forever
	 */
	void prepare(@Nullable DeserializerDecoder decoder, @Nullable Executor executor, boolean framed,
			long writeStallMillis) {
		this.framed = framed;
		this.writeStall.limit(writeStallMillis);
		this.decoder = decoder;
		this.listenerExecutor = (executor != null) ? new SerialExecutor(executor) : null;
	}

	ConnectionActivity activity() {
		return this.activity;
	}

	Duration idleFor() {
		return Duration.ofNanos(Math.max(0, this.eventLoops.recentNanos() - this.activity.latestNanos()));
	}

	boolean isCloseRequested() {
		return this.closeRequested.get();
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.connection.opened();
		runInOrder(this.connection::publishOpened);
	}

	// In

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		this.reading = true;
		this.replyAwaited = false;
		if (!(msg instanceof ByteBuf bytes)) {
			notBytes(msg);
			return;
		}
		int length = bytes.readableBytes();
		if (!this.framed) {
			this.activity.received(length, this.eventLoops.recentNanos());
		}
		if (this.discarding) {
			bytes.release();
		}
		else if (this.decoder == null) {
			received(bytes, length);
		}
		else {
			try {
				this.decoder.decode(ctx.alloc(), bytes, this::received);
			}
			catch (IOException | RuntimeException ex) {
				failed(ex, CloseReason.INVALID_MESSAGE);
			}
		}
	}

	private void notBytes(Object msg) {
		if (msg == TruncatedFrame.INSTANCE) {
			failed(new EOFException("The peer ended its side within a message"), CloseReason.TRUNCATED_FRAME);
		}
		else {
			received(msg, 0);
		}
	}

	private void received(Object payload, int length) {
		if (this.discarding) {
			ReferenceCountUtil.release(payload);
			return;
		}
		this.activity.messageReceived();
		if (this.listenerExecutor == null) {
			this.connection.deliver(payload);
		}
		else {
			runInOrder(() -> deliver(payload), length + QUEUED_BYTES, () -> ReferenceCountUtil.release(payload));
			adjustReading();
		}
	}

	private void deliver(Object payload) {
		if (this.abandoned) {
			ReferenceCountUtil.release(payload);
		}
		else {
			this.connection.deliver(payload);
		}
	}

	private void runInOrder(Runnable action) {
		runInOrder(action, 0, () -> {
		});
	}

	private void runInOrder(Runnable action, int bytes, Runnable orElse) {
		if (this.listenerExecutor == null) {
			action.run();
			return;
		}
		this.owedTasks++;
		this.owedBytes += bytes;
		try {
			this.listenerExecutor.execute(() -> {
				try {
					action.run();
				}
				finally {
					// Comes to the event loop after whatever the action sent.
					onEventLoop(() -> done(bytes));
				}
			});
		}
		catch (RejectedExecutionException ex) {
			orElse.run();
			failed(ex, CloseReason.SERVICE_FAILED);
			done(bytes);
		}
	}

	private void done(int bytes) {
		this.owedTasks--;
		this.owedBytes -= bytes;
		adjustReading();
		endIfNothingIsOwed();
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		this.reading = false;
		if (this.flushDue) {
			this.flushDue = false;
			ctx.flush();
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext ctx) {
		adjustReading();
		this.writeStall.writabilityChanged();
	}

	/**
	 * Reads while the peer and the listener keep up, and to the end once nothing more is
	 * delivered.
	 */
	private void adjustReading() {
		boolean wanted = this.channel.isWritable() && !isListenerBehind() && !this.held;
		this.channel.config().setAutoRead(wanted || this.discarding);
	}

	/**
	 * Holds back what the peer sends, for others to catch up, or goes on.
	 */
	void hold(boolean hold) {
		this.held = hold;
		adjustReading();
	}

	private boolean isListenerBehind() {
		var waterMark = this.channel.config().getWriteBufferWaterMark();
		return this.owedBytes > (this.channel.config().isAutoRead() ? waterMark.high() : waterMark.low());
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof ChannelInputShutdownEvent && !this.inputEnded) {
			inputEnded();
		}
		else if (event instanceof IdleStateEvent idle) {
			// A client that awaits a reply gets the time twice.
			if (this.connection.isServer() || !this.replyAwaited || !idle.isFirst()) {
				failed(new SocketTimeoutException("Timing out connection"), CloseReason.READ_TIMEOUT);
			}
		}
		else if (event == LastReply.INSTANCE) {
			close(CloseReason.CLOSED);
		}
	}

	private void inputEnded() {
		this.inputEnded = true;
		if (this.decoder != null && !this.discarding) {
			try {
				this.decoder.end(this::received);
			}
			catch (IOException | RuntimeException ex) {
				failed(ex, CloseReason.INVALID_MESSAGE);
			}
		}
		// After what the messages before had done on this event loop, in a room above
		// all.
		afterwards(this::endIfNothingIsOwed);
	}

	// Out

	/**
	 * Writes from any thread. Another thread than an event loop's waits while the peer
	 * does not take what was sent before.
	 * @param message bytes, or what the framing's codec encodes; released here in any
	 * case
	 * @return whether the connection took the message
	 */
	boolean send(Object message) throws InterruptedException {
		if (this.channel.eventLoop().inEventLoop()) {
			return write(message, this.channel.voidPromise());
		}
		boolean mayWait = !this.channel.isWritable() && !isOnAnyEventLoop();
		ChannelPromise sent = this.channel.newPromise();
		try {
			this.channel.eventLoop().execute(() -> write(message, sent));
		}
		catch (RejectedExecutionException ex) {
			ReferenceCountUtil.release(message);
			return false;
		}
		if (mayWait) {
			sent.await();
		}
		return sent.isDone() ? sent.isSuccess() : this.channel.isActive();
	}

	/**
	 * Writes what another connection's message causes, unless this one is closing.
	 */
	void push(ByteBuf bytes) {
		if (this.discarding) {
			bytes.release();
		}
		else {
			write(bytes, this.channel.voidPromise());
		}
	}

	private boolean isOnAnyEventLoop() {
		for (EventExecutor executor : this.channel.eventLoop().parent()) {
			if (executor.inEventLoop()) {
				return true;
			}
		}
		return false;
	}

	private boolean write(Object message, ChannelPromise promise) {
		if (this.outputEnded || !this.channel.isActive()) {
			ReferenceCountUtil.release(message);
			if (!promise.isVoid()) {
				promise.setFailure(new ClosedChannelException());
			}
			return false;
		}
		this.replyAwaited = true;
		if (message instanceof ByteBuf bytes) {
			if (!this.framed) {
				this.activity.sent(bytes.readableBytes(), this.eventLoops.recentNanos());
			}
			this.channel.write(compact(bytes), promise);
		}
		else {
			this.channel.write(message, promise);
		}
		if (this.reading) {
			this.flushDue = true;
		}
		else {
			this.channel.flush();
		}
		return true;
	}

	/**
	 * Keeps what waits for a slow peer in the memory it needs, not in the larger buffer
	 * it was read into.
	 */
	private ByteBuf compact(ByteBuf bytes) {
		int length = bytes.readableBytes();
		if (length >= SMALL_READ || !isPeerSlow()) {
			return bytes;
		}
		ByteBuf copy = this.channel.alloc().ioBuffer(length).writeBytes(bytes);
		bytes.release();
		return copy;
	}

	private boolean isPeerSlow() {
		var waterMark = this.channel.config().getWriteBufferWaterMark();
		return this.channel.bytesBeforeUnwritable() < waterMark.high() - waterMark.low();
	}

	/**
	 * Sends a FIN after all that was sent; from any thread.
	 */
	void shutdownOutput() {
		onEventLoop(() -> {
			if (!this.outputEnded) {
				endOutput();
			}
		});
	}

	// The end

	/**
	 * Closes in order, from any thread: messages received are handled and their replies
	 * sent, then comes our FIN, then the peer's is awaited; what it sends until then is
	 * discarded. Closing at once, with bytes unread, would answer them with a reset that
	 * can overtake replies on their way.
	 */
	void close(CloseReason reason) {
		if (this.closeRequested.compareAndSet(false, true)) {
			onEventLoop(() -> {
				reason(reason);
				this.discarding = true;
				adjustReading();
				closeAfter(FLUSH_TIMEOUT_SECONDS);
				endIfNothingIsOwed();
			});
		}
		else {
			onEventLoop(this::endPatience);
		}
	}

	/**
	 * Who was given all the time to send its FIN is given no more of it.
	 */
	private void endPatience() {
		if (this.patient) {
			this.patient = false;
			closeAfter(FIN_TIMEOUT_SECONDS);
		}
	}

	/**
	 * Closes in order, from any thread, without handling what was received: the reply to
	 * the message before it is missing.
	 */
	void abandon(CloseReason reason) {
		this.abandoned = true;
		close(reason);
	}

	/**
	 * Whether the listener or the peer has something to take yet; from any thread.
	 */
	boolean isOwing() {
		SerialExecutor serial = this.listenerExecutor;
		return pendingBytes() > 0 || (serial != null && serial.isRunning());
	}

	/**
	 * Bytes that wait for the peer to take them; from any thread.
	 */
	long pendingBytes() {
		var outbound = this.channel.unsafe().outboundBuffer();
		return (outbound != null) ? outbound.totalPendingWriteBytes() : 0;
	}

	/**
	 * Closes in order, from any thread, if nothing is owed and nothing was read or
	 * written for so long. Only the event loop knows for certain; it looks again.
	 */
	void closeIfQuiet(Duration quiet, CloseReason reason) {
		onEventLoop(() -> {
			if (this.owedTasks == 0 && pendingBytes() == 0 && idleFor().compareTo(quiet) >= 0
					&& this.closeRequested.compareAndSet(false, true)) {
				reason(reason);
				this.discarding = true;
				this.patient = true;
				adjustReading();
				endIfNothingIsOwed();
			}
		});
	}

	/**
	 * Closes with a reset, from any thread, also what is closing in order.
	 */
	void reset(CloseReason reason) {
		this.closeRequested.set(true);
		onEventLoop(() -> {
			if (this.channel.isOpen()) {
				this.closeReason = reason;
				this.channel.config().setSoLinger(0);
				this.channel.close();
			}
		});
	}

	private void failed(Throwable cause, CloseReason reason) {
		failure(cause);
		close(reason);
	}

	private void failure(Throwable cause) {
		this.failure = cause;
		this.connection.publishFailure(cause);
	}

	private void reason(CloseReason reason) {
		if (this.closeReason == null) {
			this.closeReason = reason;
		}
	}

	private void endIfNothingIsOwed() {
		boolean ending = this.inputEnded || this.discarding;
		if (!ending || this.owedTasks > 0) {
			return;
		}
		if (!this.outputEnded) {
			endOutput();
		}
		else if (this.inputEnded && this.channel.isOutputShutdown()) {
			this.channel.close();
		}
	}

	private void endOutput() {
		this.outputEnded = true;
		this.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((flushed) -> {
			if (this.inputEnded || !flushed.isSuccess()) {
				this.channel.close();
				return;
			}
			this.channel.shutdownOutput();
			if (this.discarding && !this.patient) {
				closeAfter(FIN_TIMEOUT_SECONDS);
			}
		});
	}

	private void closeAfter(long seconds) {
		var timer = this.channel.eventLoop().schedule(() -> this.channel.close(), seconds, TimeUnit.SECONDS);
		this.channel.closeFuture().addListener((closed) -> timer.cancel(false));
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (cause instanceof ClosedChannelException) {
			return;
		}
		if (cause instanceof CodecException) {
			if (!this.discarding) {
				failed(cause, codecFailed(cause));
			}
			return;
		}
		logger.debug("{} failed", this.connection.id(), cause);
		reason(isReset(cause) ? CloseReason.PEER_RESET : CloseReason.IO_ERROR);
		failure(cause);
		ctx.close();
	}

	private static CloseReason codecFailed(Throwable cause) {
		return switch (cause) {
			case TooLongFrameException ignored -> CloseReason.FRAME_TOO_LONG;
			case EncoderException ignored -> CloseReason.SERVICE_FAILED;
			default -> CloseReason.INVALID_MESSAGE;
		};
	}

	private static boolean isReset(Throwable cause) {
		String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
		return message.contains("connection reset") || message.contains("broken pipe");
	}

	/**
	 * The last event of any connection, also of one that was never established.
	 */
	@Override
	public void channelUnregistered(ChannelHandlerContext ctx) {
		reason(this.inputEnded ? CloseReason.PEER_CLOSED : CloseReason.CLOSED);
		this.outputEnded = true;
		this.writeStall.cancel();
		if (this.decoder != null) {
			this.decoder.release();
		}
		this.connection.closed(Objects.requireNonNull(this.closeReason));
		runInOrder(() -> this.connection.publishClosed(this.failure));
	}

	private void onEventLoop(Runnable action) {
		if (this.channel.eventLoop().inEventLoop()) {
			action.run();
		}
		else {
			afterwards(action);
		}
	}

	private void afterwards(Runnable action) {
		try {
			this.channel.eventLoop().execute(action);
		}
		catch (RejectedExecutionException ex) {
			// The event loops are closed, and with them the connection.
			logger.debug("{} has no event loop anymore", this.connection.id());
		}
	}

}
