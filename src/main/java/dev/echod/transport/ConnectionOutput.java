package dev.echod.transport;

import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;

import dev.echod.connection.ConnectionActivity;
import dev.echod.framing.Framing;
import dev.echod.framing.HttpReply;
import dev.echod.framing.Interim;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * What a connection sends. What is sent while a batch of reads is handled goes out once,
 * at its end; messages with frames are put together for it. Used on the event loop, but
 * where it says otherwise.
 */
final class ConnectionOutput {

	/**
	 * From this size on a message is written as it is, not copied to others.
	 */
	private static final int LARGE_BYTES = 2048;

	/**
	 * How much is put together.
	 */
	private static final int TOGETHER_BYTES = 16 * 1024;

	private final SocketChannel channel;

	private final EventLoops eventLoops;

	private final ConnectionActivity activity;

	/**
	 * Null when bytes are written as they come.
	 */
	private @Nullable Framing framing;

	/**
	 * Messages in their frames that are to be written together.
	 */
	private @Nullable ByteBuf together;

	private boolean batch;

	private boolean flushDue;

	private boolean finished;

	/**
	 * How many buffers were written.
	 */
	private long written;

	/**
	 * Why nothing can be sent any more; senders are told.
	 */
	private volatile @Nullable Throwable failure;

	ConnectionOutput(SocketChannel channel, EventLoops eventLoops, ConnectionActivity activity) {
		this.channel = channel;
		this.eventLoops = eventLoops;
		this.activity = activity;
	}

	/**
	 * Puts messages into frames from now on.
	 */
	void frame(@Nullable Framing known) {
		this.framing = (known != Framing.STREAM) ? known : null;
	}

	/**
	 * Sends a message, from any thread. Another thread than an event loop's waits while
	 * the peer does not take what was sent before.
	 * @param message a buffer, or what the framing makes bytes of; released here in any
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
			this.channel.eventLoop().execute(() -> writeOrClose(message, sent));
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
	 * A sender may wait: it learns of any failure, after which nothing may follow.
	 */
	private void writeOrClose(Object message, ChannelPromise sent) {
		try {
			write(message, sent);
		}
		catch (RuntimeException | Error ex) {
			failed(ex);
			sent.tryFailure(ex);
			this.channel.close();
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
		writeTogether(this.channel.voidPromise());
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
		writeTogether(this.channel.voidPromise());
		write(bytes, this.channel.voidPromise(), bytes.readableBytes());
		flushWhenDue();
	}

	private boolean write(Object message, ChannelPromise sent) {
		if (isClosed(message, sent)) {
			return false;
		}
		if (this.framing != null) {
			writeFramed(this.framing, message, sent);
		}
		else {
			ByteBuf bytes = (ByteBuf) message;
			write(bytes, sent, bytes.readableBytes());
		}
		flushWhenDue();
		return true;
	}

	private boolean isClosed(Object message, ChannelPromise sent) {
		if (!this.finished && this.channel.isActive()) {
			return false;
		}
		ReferenceCountUtil.release(message);
		if (!sent.isVoid()) {
			sent.setFailure(failure());
		}
		return true;
	}

	private void write(ByteBuf bytes, ChannelPromise sent, int length) {
		this.activity.sent(length, this.eventLoops.recentNanos());
		this.written++;
		this.channel.write(compact(bytes, length), sent);
	}

	/**
	 * Keeps what waits for a slow peer in the memory it needs, not in the larger buffer
	 * it was read into.
	 */
	private ByteBuf compact(ByteBuf bytes, int length) {
		if (length >= LARGE_BYTES || !isPeerSlow()) {
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

	private void writeFramed(Framing known, Object message, ChannelPromise sent) {
		switch (message) {
			case ByteBuf bytes -> writeFramed(known, bytes);
			case HttpReply reply -> reply.write(room(0));
			case Interim interim -> interim.write(room(0));
			default -> throw new IllegalArgumentException(
					"Framing %s does not know %s".formatted(known, message.getClass().getName()));
		}
		if (!sent.isVoid() || room(0).readableBytes() >= TOGETHER_BYTES) {
			writeTogether(sent);
		}
	}

	private void writeFramed(Framing known, ByteBuf message) {
		int length = message.readableBytes();
		if (length < LARGE_BYTES) {
			known.write(message, room(length));
			message.release();
			return;
		}
		known.begin(room(0), length);
		writeTogether(this.channel.voidPromise());
		// Before the message is given away: what fails later would fail for its owner
		// too.
		ByteBuf after = room(0);
		write(message, this.channel.voidPromise(), length);
		known.end(after);
	}

	/**
	 * Where a message of this length is to be put.
	 */
	private ByteBuf room(int length) {
		ByteBuf room = this.together;
		if (room == null) {
			room = this.channel.alloc().ioBuffer(length + Framing.OVERHEAD);
			this.together = room;
		}
		return room;
	}

	private void writeTogether(ChannelPromise sent) {
		ByteBuf room = this.together;
		if (room != null) {
			this.together = null;
			write(room, sent, room.readableBytes());
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
		writeTogether(this.channel.voidPromise());
		this.channel.flush();
	}

	/**
	 * Notes why nothing can be sent any more.
	 * @return whether no other reason was known
	 */
	boolean failed(Throwable cause) {
		boolean first = this.failure == null;
		if (first) {
			this.failure = cause;
		}
		return first;
	}

	/**
	 * Why nothing can be sent any more; from any thread.
	 */
	Exception failure() {
		return (this.failure instanceof Exception known) ? known : new ClosedChannelException();
	}

	/**
	 * The channel is gone.
	 */
	void ended() {
		this.finished = true;
		ReferenceCountUtil.release(this.together);
		this.together = null;
	}

}
