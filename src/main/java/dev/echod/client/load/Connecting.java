package dev.echod.client.load;

import java.util.concurrent.Semaphore;

/**
 * The connections of a load that are being made: a few at a time, as the queue of a
 * listener is short. Used by any thread.
 */
final class Connecting {

	private static final int AT_A_TIME = 100;

	private final Semaphore free = new Semaphore(AT_A_TIME);

	private final boolean untiring;

	private int made;

	private int failed;

	/**
	 * Create it.
	 * @param untiring whether all are to be made, however many could not be
	 */
	Connecting(boolean untiring) {
		this.untiring = untiring;
	}

	/**
	 * Waits until one more may be made.
	 * @return whether that is worth it
	 */
	boolean begin() throws InterruptedException {
		this.free.acquire();
		if (isHopeless()) {
			this.free.release();
			return false;
		}
		return true;
	}

	/**
	 * One is made, or could not be.
	 */
	void attempted(boolean success) {
		synchronized (this) {
			this.made += success ? 1 : 0;
			this.failed += success ? 0 : 1;
		}
		this.free.release();
	}

	/**
	 * Whether as many as are tried at a time could not be made, and none could: each of
	 * the others would take the time-out as well.
	 */
	private synchronized boolean isHopeless() {
		return !this.untiring && this.made == 0 && this.failed >= AT_A_TIME;
	}

	/**
	 * Waits until all are made, or could not be.
	 */
	void awaitAll() throws InterruptedException {
		this.free.acquire(AT_A_TIME);
	}

}
