package dev.echod.transport;

import java.net.SocketTimeoutException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import dev.echod.connection.ConnectionActivity;
import dev.echod.framing.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * What a connection sends. What is sent while a batch of reads is handled goes out once,
 * at its end; messages with frames are put together for it. Used on the event loop, but
 * where it says otherwise.
 */
final class ConnectionOutput {

	private final SocketChannel channel;

	private final EventLoops eventLoops;

	private final ConnectionActivity activity;

	private final boolean encrypted;

	/**
	 * Null when bytes are written as they come.
	 */
	private @Nullable FrameAssembly frames;

	private long mostWaitNanos = Long.MAX_VALUE;

	private boolean batch;

	private boolean flushDue;

	private boolean finished;

	/**
	 * How many buffers were written.
	 */
	private long written;

	/**
	 * Senders are told of it.
	 */
	private final OutputEnd end = new OutputEnd();

	ConnectionOutput(SocketChannel channel, EventLoops eventLoops, ConnectionActivity activity, boolean encrypted) {
		this.channel = channel;
		this.eventLoops = eventLoops;
		this.activity = activity;
		this.encrypted = encrypted;
	}

	/**
	 * Puts messages into frames from now on.
	 */
	void frame(Framing framing) {
		this.frames = (framing != Framing.STREAM) ? new FrameAssembly(framing, this.channel.alloc(), this::writeNow)
				: null;
	}

	/**
	 * Has nobody who sends wait longer than that; called before anything is sent.
	 */
	void waitAtMost(long nanos) {
		this.mostWaitNanos = nanos;
	}

	/**
	 * Sends a message, from any thread. Another thread than an event loop's waits while
	 * the peer does not take what was sent before.
	 * @param message a buffer, or what the framing makes bytes of; released here in any
	 * case
	 * @return whether the connection took the message
	 * @throws SocketTimeoutException if the peer did not take it in time, or what was
	 * sent before
	 */
	boolean send(Object message) throws InterruptedException, SocketTimeoutException {
		if (this.channel.eventLoop().inEventLoop()) {
			return write(message, this.channel.voidPromise());
		}
		boolean mayWait = !this.channel.isWritable() && !this.eventLoops.inEventLoop();
		ChannelPromise sent = this.channel.newPromise();
		try {
			this.channel.eventLoop().execute(() -> writeOrFail(message, sent));
		}
		catch (RejectedExecutionException ex) {
			ReferenceCountUtil.release(message);
			return false;
		}
		if (mayWait && !sent.await(this.mostWaitNanos, TimeUnit.NANOSECONDS)) {
			throw new SocketTimeoutException("what was sent was not taken in time");
		}
		return sent.isDone() ? sent.isSuccess() : this.channel.isActive() && !this.end.isCut();
	}

	/**
	 * A sender may wait: it learns of any failure.
	 */
	private void writeOrFail(Object message, ChannelPromise sent) {
		try {
			write(message, sent);
		}
		catch (RuntimeException | Error ex) {
			missing(ex, sent);
		}
	}

	/**
	 * Something is missing from what is sent, after which nothing may follow.
	 */
	private void missing(Throwable cause, ChannelPromise sent) {
		this.channel.pipeline().fireExceptionCaught(cause);
		if (!sent.isVoid()) {
			sent.tryFailure(cause);
		}
	}

	/**
	 * Sends a message.
	 * @param message as in {@link #send}
	 */
	void sendNow(Object message) {
		write(message, this.channel.voidPromise());
	}

	/**
	 * Sends nothing after what was sent.
	 * @return completes when the system has taken all
	 */
	ChannelFuture finish() {
		this.finished = true;
		return taken();
	}

	/**
	 * Sends what waits for the end of a batch.
	 * @return completes when the system has taken all that was sent, or it has failed
	 */
	ChannelFuture taken() {
		writeAssembled(this.channel.voidPromise());
		return this.channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
	}

	/**
	 * How many buffers were written.
	 */
	long written() {
		return this.written;
	}

	/**
	 * Sends bytes that have their frames.
	 */
	void sendFramed(ByteBuf bytes) {
		if (isClosed(bytes, this.channel.voidPromise())) {
			return;
		}
		writeAssembled(this.channel.voidPromise());
		writeNow(bytes);
		flushWhenDue();
	}

	private boolean write(Object message, ChannelPromise sent) {
		if (isClosed(message, sent)) {
			return false;
		}
		FrameAssembly assembly = this.frames;
		if (assembly == null) {
			ByteBuf bytes = (ByteBuf) message;
			write(bytes, sent, bytes.readableBytes());
		}
		else {
			assembly.add(message);
			if (!sent.isVoid() || assembly.isFull()) {
				writeAssembled(sent);
			}
		}
		flushWhenDue();
		return true;
	}

	private boolean isClosed(Object message, ChannelPromise sent) {
		if (!this.finished && !this.end.isCut() && this.channel.isActive()) {
			return false;
		}
		ReferenceCountUtil.release(message);
		if (!sent.isVoid() && this.end.isCut()) {
			// It fails when it is known why.
			this.channel.writeAndFlush(Unpooled.EMPTY_BUFFER, sent);
		}
		else if (!sent.isVoid()) {
			sent.setFailure(this.end.failure());
		}
		return true;
	}

	private void write(ByteBuf bytes, ChannelPromise sent, int length) {
		this.activity.sent(length, this.eventLoops.recentNanos());
		this.written++;
		ByteBuf kept;
		try {
			kept = ConnectionBuffers.toWrite(bytes, length, this.channel, this.encrypted);
		}
		catch (OutOfMemoryError ex) {
			missing(ex, sent);
			return;
		}
		this.channel.write(kept, sent);
	}

	private void writeNow(ByteBuf bytes) {
		write(bytes, this.channel.voidPromise(), bytes.readableBytes());
	}

	private void writeAssembled(ChannelPromise sent) {
		if (this.frames != null && !this.frames.isEmpty()) {
			ByteBuf assembled = this.frames.take();
			write(assembled, sent, assembled.readableBytes());
		}
	}

	/**
	 * From now on what is sent waits for {@link #endBatch()}.
	 * @return whether it did not yet
	 */
	boolean beginBatch() {
		boolean begun = !this.batch;
		this.batch = true;
		return begun;
	}

	/**
	 * Lets go what was sent since.
	 */
	void endBatch() {
		this.batch = false;
		if (this.flushDue) {
			this.flushDue = false;
			flush();
		}
	}

	private void flushWhenDue() {
		if (this.batch) {
			this.flushDue = true;
		}
		else {
			flush();
		}
	}

	private void flush() {
		writeAssembled(this.channel.voidPromise());
		this.channel.flush();
	}

	/**
	 * Why nothing can be sent any more; from any thread.
	 */
	OutputEnd end() {
		return this.end;
	}

	/**
	 * The channel is gone.
	 */
	void ended() {
		this.finished = true;
		if (this.frames != null && !this.frames.isEmpty()) {
			this.frames.take().release();
		}
	}

}
