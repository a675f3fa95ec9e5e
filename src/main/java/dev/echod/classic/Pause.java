package dev.echod.classic;

import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.echod.connection.ConnectionPace;
import org.jspecify.annotations.Nullable;

/**
 * Where the threads of a connection wait that is ahead of its byte rates.
 */
final class Pause {

	private final Lock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/**
	 * Null while there is no rate.
	 */
	private volatile @Nullable ConnectionPace pace;

	private volatile boolean ended;

	private volatile int waiting;

	/**
	 * Waits by another pace from now on, also who waits already.
	 */
	void pace(@Nullable ConnectionPace newPace) {
		this.pace = newPace;
		wake();
	}

	/**
	 * Nobody waits any more.
	 */
	void end() {
		this.ended = true;
		wake();
	}

	private void wake() {
		this.lock.lock();
		try {
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether a thread waits.
	 */
	boolean isWaiting() {
		return this.waiting > 0;
	}

	/**
	 * Waits while the connection is ahead.
	 * @return how many bytes are to be read at once then, at most
	 */
	int await() throws InterruptedIOException {
		ConnectionPace current = this.pace;
		if (current == null) {
			return Integer.MAX_VALUE;
		}
		try {
			awaitPace();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while ahead of a byte rate");
		}
		return current.mostAtOnce();
	}

	@SuppressWarnings("NonAtomicVolatileUpdate") // written with the lock
	private void awaitPace() throws InterruptedException {
		this.lock.lock();
		this.waiting++;
		try {
			for (long wait = waitNanos(); wait > 0; wait = waitNanos()) {
				this.changed.awaitNanos(wait);
			}
		}
		finally {
			this.waiting--;
			this.lock.unlock();
		}
	}

	private long waitNanos() {
		ConnectionPace current = this.pace;
		return (current != null && !this.ended) ? current.waitNanos(System.nanoTime()) : 0;
	}

}
