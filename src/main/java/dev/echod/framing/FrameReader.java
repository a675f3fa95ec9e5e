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

	/**
	 * Create a reader.
	 * @param mayWait whether it may wait for memory that others have
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
	 * Whether most of the memory is taken that there is for messages on their way to and
	 * from threads; from any thread.
	 */
	public static boolean isMemoryShort() {
		return FrameShare.isShort();
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
	 * Reads what is there, and waits until there is something.
	 * @return how many bytes were read; -1 at the end of the stream
	 * @throws FrameException if there is no memory for more of the message
	 */
	public int read(InputStream input) throws IOException {
		int size = reserve(Math.clamp(input.available(), LEAST, MOST));
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
	 * @return how many bytes may be read
	 */
	private int reserve(int wanted) throws IOException {
		int kept = this.frames.size();
		if (resize(kept + wanted, 0)) {
			return wanted;
		}
		int least = Math.min(wanted, LEAST);
		while (!resize(kept + least, this.mayWait ? WAIT_MILLIS : 0)) {
			if (!this.mayWait) {
				throw FrameException.noMemory();
			}
		}
		return least;
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
