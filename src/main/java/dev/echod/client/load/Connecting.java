package dev.echod.client.load;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * The connections of a load that are being made: a few at a time, as the queue of a
 * listener is short. Used by any thread.
 */
final class Connecting {

	private static final int AT_A_TIME = 100;

	private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Semaphore free = new Semaphore(AT_A_TIME);

	private final boolean untiring;

	private final IntConsumer observer;

	private long tellAt = System.nanoTime() + TELL_NANOS;

	private int made;

	private int failed;

	/**
	 * Create it.
	 * @param untiring whether all are to be made, however many could not be
	 * @param observer is told once a second how many are made, by who waits here
	 */
	Connecting(boolean untiring, IntConsumer observer) {
		this.untiring = untiring;
		this.observer = observer;
	}

	/**
	 * Waits until one more may be made.
	 * @return whether that is worth it
	 */
	boolean begin() throws InterruptedException {
		if (this.tellAt - System.nanoTime() < 0) {
			tell();
		}
		acquire(1);
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
		acquire(AT_A_TIME);
	}

	private void acquire(int permits) throws InterruptedException {
		while (!this.free.tryAcquire(permits, this.tellAt - System.nanoTime(), TimeUnit.NANOSECONDS)) {
			tell();
		}
	}

	/**
	 * Waits until the next is due.
	 * @return whether it is to be left out, as all was stopped
	 */
	boolean await(long due, CountDownLatch stopped) throws InterruptedException {
		while (this.tellAt - due < 0) {
			if (stopped.await(this.tellAt - System.nanoTime(), TimeUnit.NANOSECONDS)) {
				return true;
			}
			tell();
		}
		return stopped.await(due - System.nanoTime(), TimeUnit.NANOSECONDS);
	}

	private void tell() {
		this.tellAt = System.nanoTime() + TELL_NANOS;
		int soFar;
		synchronized (this) {
			soFar = this.made;
		}
		this.observer.accept(soFar);
	}

}
