package dev.echod.framing;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a framing from a stream, for ways to serve that block. Between
 * two messages it holds no more than a small buffer, within one no more than has come.
 * Used by one thread at a time.
 */
public final class FrameReader {

	/**
	 * Nobody has to release what it makes.
	 */
	private static final ByteBufAllocator HEAP = new UnpooledByteBufAllocator(false);

	private static final int LEAST = 1024;

	private static final int MOST = 64 * 1024;

	private static final long WAIT_MILLIS = 100;

	private final FrameBuffer frames;

	private final FrameShare share;

	private final boolean mayWait;

	private int most = MOST;

	private volatile boolean waiting;

	/**
	 * Create a reader.
	 * @param mayWait whether it may wait for memory that others have, or reads nothing
	 * meanwhile
	 */
	public FrameReader(Framing framing, int maxFrame, boolean mayWait) {
		this(framing, maxFrame, mayWait, new FrameShare());
	}

	FrameReader(Framing framing, int maxFrame, boolean mayWait, FrameShare share) {
		this.share = share;
		this.frames = new FrameBuffer(framing.decoder(maxFrame));
		this.mayWait = mayWait;
	}

	/**
	 * How much of the memory that there is for messages on their way to and from threads
	 * each connection may have now, in bytes; without limit while there is enough. From
	 * any thread.
	 */
	public static long mostMemoryForEach() {
		return FrameShare.isShort() ? FrameShare.LITTLE_BYTES : Long.MAX_VALUE;
	}

	/**
	 * Takes the next message that was read already.
	 * @return null when none is complete
	 * @throws IOException if what was read is no message, or the stream ended within one
	 */
	public byte @Nullable [] next() throws IOException {
		Object message = this.frames.next();
		if (message == null) {
			resize(this.frames.size(), 0);
			return null;
		}
		ByteBuf bytes = (ByteBuf) message;
		try {
			return ByteBufUtil.getBytes(bytes);
		}
		finally {
			bytes.release();
		}
	}

	/**
	 * Reads no more than so many bytes at once from now on; a kilobyte in any case.
	 */
	public void readAtMost(int bytes) {
		this.most = Math.clamp(bytes, LEAST, MOST);
	}

	/**
	 * Reads what is there, and waits until there is something.
	 * @return how many bytes were read; -1 at the end of the stream; 0 when there is no
	 * memory for more of the message now
	 */
	public int read(InputStream input) throws IOException {
		int size = reserve(Math.clamp(input.available(), LEAST, this.most));
		if (size == 0) {
			return 0;
		}
		ByteBuf read = HEAP.heapBuffer(size, size);
		int length;
		try {
			length = read.writeBytes(input, size);
		}
		catch (IOException | RuntimeException ex) {
			read.release();
			throw ex;
		}
		this.frames.add(HEAP, read);
		if (length < 0) {
			this.frames.end();
		}
		return length;
	}

	/**
	 * Who has little reads a little where there is no memory for more; others wait.
	 * @return how many bytes may be read; 0 when none may now
	 */
	private int reserve(int wanted) throws IOException {
		int kept = this.frames.size();
		if (resize(kept + wanted, 0)) {
			this.waiting = false;
			return wanted;
		}
		int least = Math.min(wanted, LEAST);
		this.waiting = true;
		while (!resize(kept + least, this.mayWait ? WAIT_MILLIS : 0)) {
			if (!this.mayWait) {
				return 0;
			}
		}
		this.waiting = false;
		return least;
	}

	/**
	 * Whether bytes may be unread because there is no memory for them; from any thread.
	 */
	public boolean isWaiting() {
		return this.waiting;
	}

	private boolean resize(int bytes, long waitMillis) throws IOException {
		try {
			return this.share.resize(bytes, waitMillis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while waiting for memory");
		}
	}

	/**
	 * How many bytes of memory its messages take, when they are no longer few; from any
	 * thread.
	 */
	public long memoryBytes() {
		return this.share.bytes();
	}

	/**
	 * Lets go of what was read and not taken.
	 */
	public void release() {
		this.frames.release();
	}

	/**
	 * Gives back what others may wait for; from any thread, when nothing is to be read
	 * any more. Who waits does so no longer.
	 */
	public void end() {
		this.share.end();
	}

}
