package dev.echod.admin;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A source of logins: how often it has failed, and what of it is being checked. Used
 * under the lock of {@link FailedLogins}.
 */
final class LoginSource {

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
	 * Logins that wait for others of this source to be checked.
	 */
	private static final int MOST_WAITING = 100;

	/**
	 * By user: who succeeds as one has not guessed the other's password.
	 */
	private final Map<String, Integer> failures = new HashMap<>(4);

	private final Deque<LoginAttempt> waiting = new ArrayDeque<>();

	private int checking;

	private long failedNanos;

	int failures() {
		return this.failures.values().stream().mapToInt(Integer::intValue).sum();
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
		int counted = failures() - FREE;
		if (counted <= 0) {
			return 0;
		}
		long wait = Math.min(MOST_WAIT_NANOS, FIRST_WAIT_NANOS << Math.min(counted - 1, MOST_DOUBLINGS));
		return Math.max(0, wait - silentNanos(now));
	}

	/**
	 * Whether one more may be checked now. All that are could fail: so many at a time
	 * that this would bring it to its first wait, and then one.
	 */
	private boolean mayCheck() {
		return this.checking < Math.max(1, FREE + 1 - failures());
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

	void failed(String user, long now) {
		this.failures.merge(user, 1, Integer::sum);
		this.failedNanos = now;
	}

	/**
	 * Forgets what failed as this user, and as nobody that there is.
	 */
	void succeeded(String user) {
		this.failures.remove(user);
		this.failures.remove(FailedLogins.NOBODY);
	}

	/**
	 * Ends an attempt, whatever became of it.
	 * @return what is to be done when the lock is released, for those that waited
	 */
	List<Runnable> leave(LoginAttempt attempt, long now) {
		if (!this.waiting.remove(attempt)) {
			this.checking--;
		}
		List<Runnable> answers = new ArrayList<>();
		long wait = waitNanos(now);
		while (!this.waiting.isEmpty() && (wait > 0 || mayCheck())) {
			LoginAttempt next = this.waiting.remove();
			if (wait > 0) {
				next.end();
				answers.add(() -> next.refuse(wait));
			}
			else {
				this.checking++;
				answers.add(next::admit);
			}
		}
		return answers;
	}

	boolean isIdle() {
		return this.checking == 0 && this.waiting.isEmpty();
	}

}
