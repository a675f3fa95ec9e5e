package dev.echod.admin;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The logins of a source as one user: how often they have failed, and what of them is
 * being checked. Used under the lock of {@link FailedLogins}.
 */
final class UserLogins {

	/**
	 * Failures that cost nothing: people mistype.
	 */
	static final int FREE = 5;

	private static final long FIRST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long MOST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);

	/**
	 * More of them double the wait no further.
	 */
	private static final int MOST_DOUBLINGS = 6;

	/**
	 * Logins that wait for others to be checked.
	 */
	private static final int MOST_WAITING = 100;

	private final Key key;

	private final Deque<LoginAttempt> waiting = new ArrayDeque<>();

	private int checking;

	private int failures;

	private long failedNanos;

	UserLogins(Key key) {
		this.key = key;
	}

	Key key() {
		return this.key;
	}

	boolean hasFailed() {
		return this.failures > 0;
	}

	/**
	 * Whether the failures are more than are free.
	 */
	boolean isSlowed() {
		return this.failures > FREE;
	}

	/**
	 * How long since the last failure.
	 */
	long silentNanos(long now) {
		return now - this.failedNanos;
	}

	/**
	 * How long nothing is checked any more; 0 when something may be.
	 */
	long waitNanos(long now) {
		if (!isSlowed()) {
			return 0;
		}
		int doublings = Math.min(this.failures - FREE - 1, MOST_DOUBLINGS);
		return Math.max(0, Math.min(MOST_WAIT_NANOS, FIRST_WAIT_NANOS << doublings) - silentNanos(now));
	}

	/**
	 * Whether one more may be checked now. All that are could fail: so many at a time
	 * that this would bring the first wait, and then one.
	 */
	private boolean mayCheck() {
		return this.checking < Math.max(1, FREE + 1 - this.failures);
	}

	/**
	 * Lets an attempt be checked, now or when others have been.
	 * @return whether it is to be checked now
	 * @throws TooManyFailuresException if it may not be checked
	 */
	boolean enter(LoginAttempt attempt, long now) {
		long wait = waitNanos(now);
		if (wait > 0 || this.waiting.size() >= MOST_WAITING) {
			throw new TooManyFailuresException(wait);
		}
		if (mayCheck()) {
			this.checking++;
			return true;
		}
		this.waiting.add(attempt);
		return false;
	}

	/**
	 * Forgets an attempt that waits.
	 * @return false when it does not wait any more
	 */
	boolean giveUp(LoginAttempt attempt) {
		return this.waiting.remove(attempt);
	}

	void failed(long now) {
		this.failures++;
		this.failedNanos = now;
	}

	void succeeded() {
		this.failures = 0;
	}

	/**
	 * Ends a check, whatever came of it.
	 * @param full whether nothing more can be looked at now
	 * @return those that waited and are next: to be checked, or to be refused when there
	 * is a wait now, or it is full
	 */
	List<LoginAttempt> leave(long now, boolean full) {
		this.checking--;
		List<LoginAttempt> next = new ArrayList<>();
		boolean refused = full || waitNanos(now) > 0;
		while (!this.waiting.isEmpty() && (refused || mayCheck())) {
			next.add(this.waiting.remove());
			this.checking += refused ? 0 : 1;
		}
		return next;
	}

	boolean isIdle() {
		return this.checking == 0 && this.waiting.isEmpty();
	}

	/**
	 * Whose logins they are.
	 *
	 * @param user the user's name; {@link FailedLogins#NOBODY} for those that no user has
	 */
	record Key(Source source, String user) {

	}

}
