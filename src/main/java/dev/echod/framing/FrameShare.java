package dev.echod.framing;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one connection takes of the memory that there is for messages on their way to and
 * from threads: a quarter of the heap for all of them, and a little for each beyond that.
 * One of them at a time may take what it needs even where nothing is left, so that who
 * waits for another does not wait for ever. Asked by one thread, and ended by any.
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

	private static final int ALL_UNITS = (int) Math.min(Runtime.getRuntime().maxMemory() / 4 / UNIT_BYTES,
			Integer.MAX_VALUE);

	private static final Semaphore ALL = new Semaphore(ALL_UNITS);

	private static final Semaphore OVERDRAFT = new Semaphore(1);

	private static final int ENDED = -1;

	private static final int OVERDRAWN = -2;

	private final Semaphore units;

	private final Semaphore overdraft;

	/**
	 * Units that are taken, or {@link #ENDED}, or {@link #OVERDRAWN}, which is without
	 * limit.
	 */
	private final AtomicInteger taken = new AtomicInteger();

	FrameShare() {
		this(ALL, OVERDRAFT);
	}

	FrameShare(Semaphore units, Semaphore overdraft) {
		this.units = units;
		this.overdraft = overdraft;
	}

	/**
	 * Whether three quarters of the memory are taken.
	 */
	static boolean isShort() {
		return ALL.availablePermits() < ALL_UNITS / 4;
	}

	/**
	 * Takes what messages of so many bytes need, no more and no less.
	 * @param waitMillis how long to wait for others to give back; 0 is not at all
	 * @return whether there is so much; otherwise the share is as it was
	 */
	boolean resize(int bytes, long waitMillis) throws InterruptedException {
		int before = this.taken.get();
		int after = units(bytes);
		if (before == after || before == ENDED || (before == OVERDRAWN && after > 0)) {
			return true;
		}
		if (after <= before || before == OVERDRAWN) {
			change(before, after);
			return true;
		}
		if (this.units.tryAcquire(after - before, waitMillis, TimeUnit.MILLISECONDS)) {
			if (!this.taken.compareAndSet(before, after)) {
				this.units.release(after - before);
			}
			return true;
		}
		if (this.overdraft.tryAcquire()) {
			if (this.taken.compareAndSet(before, OVERDRAWN)) {
				giveBack(before);
			}
			else {
				this.overdraft.release();
			}
			return true;
		}
		return false;
	}

	private static int units(int bytes) {
		// A buffer that grows doubles.
		return (bytes > LITTLE_BYTES) ? Integer.highestOneBit(bytes) / UNIT_BYTES * 2 * COPIES : 0;
	}

	private void change(int before, int after) {
		if (this.taken.compareAndSet(before, after)) {
			giveBack((before == OVERDRAWN) ? OVERDRAWN : before - after);
		}
	}

	private void giveBack(int before) {
		if (before == OVERDRAWN) {
			this.overdraft.release();
		}
		else if (before > 0) {
			this.units.release(before);
		}
	}

	/**
	 * How much it is, in bytes; from any thread. What is overdrawn is more than all.
	 */
	long bytes() {
		int now = this.taken.get();
		return (now == OVERDRAWN) ? Long.MAX_VALUE : Math.max(0, now) * (long) UNIT_BYTES;
	}

	/**
	 * Gives back all, for good.
	 */
	void end() {
		giveBack(this.taken.getAndSet(ENDED));
	}

}
