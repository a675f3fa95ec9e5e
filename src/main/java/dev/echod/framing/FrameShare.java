package dev.echod.framing;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one connection takes of the memory that there is for messages on their way to and
 * from threads: a quarter of the heap for all of them, and a little for each beyond that.
 * Asked by one thread at a time, and ended by any.
 */
final class FrameShare {

	/**
	 * So much each may have, whatever others have.
	 */
	static final int LITTLE_BYTES = 16 * 1024;

	/**
	 * What is kept of a message, the message, and the frame of its reply.
	 */
	private static final int COPIES = 3;

	private static final int UNIT_BYTES = 1024;

	private static final Semaphore ALL = new Semaphore(
			(int) Math.min(Runtime.getRuntime().maxMemory() / 4 / UNIT_BYTES, Integer.MAX_VALUE));

	private static final int ENDED = -1;

	private final Semaphore units;

	/**
	 * Units that are taken, or {@link #ENDED}.
	 */
	private final AtomicInteger taken = new AtomicInteger();

	FrameShare() {
		this(ALL);
	}

	FrameShare(Semaphore units) {
		this.units = units;
	}

	/**
	 * Takes what messages of so many bytes need, no more and no less.
	 * @param waitNanos how long to wait for others to give back; 0 is not at all
	 * @return whether there is so much; otherwise the share is as it was
	 */
	boolean resize(int bytes, long waitNanos) throws InterruptedException {
		int before = this.taken.get();
		// A buffer that grows doubles.
		int after = (bytes > LITTLE_BYTES) ? Integer.highestOneBit(bytes) / UNIT_BYTES * 2 * COPIES : 0;
		if (before == after || before == ENDED) {
			return true;
		}
		if (after > before && !this.units.tryAcquire(after - before, waitNanos, TimeUnit.NANOSECONDS)) {
			return false;
		}
		boolean alive = this.taken.compareAndSet(before, after);
		if (alive && after < before) {
			this.units.release(before - after);
		}
		else if (!alive && after > before) {
			this.units.release(after - before);
		}
		return true;
	}

	/**
	 * Gives back all, for good.
	 */
	void end() {
		int before = this.taken.getAndSet(ENDED);
		if (before > 0) {
			this.units.release(before);
		}
	}

}
