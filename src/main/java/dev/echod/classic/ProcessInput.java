package dev.echod.classic;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for a process to take it: little, so that its client cannot run far ahead.
 */
final class ProcessInput {

	private static final Logger logger = LoggerFactory.getLogger(ProcessInput.class);

	private static final int BUFFERS = 16;

	/**
	 * Given at a time, so that it can be seen how a slow process gets on: what a pipe has
	 * room for at least, when it has any.
	 */
	private static final int PIECE = 4096;

	/**
	 * In place of input: there is no more.
	 */
	private static final byte[] END = new byte[0];

	private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(BUFFERS);

	private volatile long taken;

	/**
	 * Adds bytes, and waits for room, a second at most.
	 * @return whether they were added
	 */
	boolean offer(byte[] bytes) throws InterruptedException {
		return this.waiting.offer(bytes, 1, TimeUnit.SECONDS);
	}

	/**
	 * Nothing follows what was added; when all of that was taken.
	 */
	void end() {
		this.waiting.add(END);
	}

	/**
	 * Nothing follows, nor what was added.
	 */
	void abandon() {
		this.waiting.clear();
		this.waiting.add(END);
	}

	/**
	 * How many bytes the process took.
	 */
	long taken() {
		return this.taken;
	}

	/**
	 * Gives all to the process, and then the end. A process that has ended takes no more;
	 * what still comes is discarded.
	 * @param settled called when something was given or discarded
	 * @throws IOException if the end could not be given
	 */
	void feed(OutputStream process, Runnable settled) throws IOException, InterruptedException {
		try (process) {
			boolean takes = true;
			for (byte[] bytes = this.waiting.take(); bytes.length > 0; bytes = this.waiting.take()) {
				takes = takes && give(process, bytes);
				settled.run();
			}
		}
	}

	@SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread
	private boolean give(OutputStream process, byte[] bytes) {
		try {
			for (int done = 0; done < bytes.length; done += PIECE) {
				int piece = Math.min(PIECE, bytes.length - done);
				process.write(bytes, done, piece);
				process.flush();
				this.taken += piece;
			}
			return true;
		}
		catch (IOException ex) {
			logger.debug("A process takes no input", ex);
			return false;
		}
	}

}
