package dev.echod.admin;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Signal;
import reactor.core.scheduler.Schedulers;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;

/**
 * Slows down who guesses passwords, each source for itself, and in it each user: who is
 * wrong as one does not keep out who is right as another. Names that no user has are
 * taken for one. Five failures are free; each one after them brings a wait, from one
 * second on twice as long each time and a minute at most, in which nothing that is sent
 * is checked. A success takes the failures back, as does an hour without one. Logins that
 * come at once are not all checked at once: no more than could fail without one of them
 * having to wait. A check that has begun counts, whether or not who sent it has left.
 * <p>
 * Only those that failed are remembered, ten thousand that have had to wait and ten
 * thousand that have not. Of the latter the one that was silent longest is forgotten for
 * a new one, which does it no harm. Of the former none is forgotten before its hour is
 * over: whoever has more sources than that cannot have them push out his own, nor those
 * of others. Those beyond them wait just the same, but are remembered as the latter are.
 * What is left to someone with very many sources are the free guesses of each; to keep
 * him from those would be to keep everybody out whose source is new.
 */
class FailedLogins {

	/**
	 * Stands for all names that no user has.
	 */
	static final String NOBODY = "";

	private static final int MOST_REMEMBERED = 10_000;

	private static final long REMEMBERED_NANOS = TimeUnit.HOURS.toNanos(1);

	/**
	 * How long a login waits for others to be checked.
	 */
	private static final Duration MOST_WAIT = Duration.ofSeconds(10);

	private final Set<String> users;

	private final LongSupplier nanoClock;

	private final Duration mostWait;

	/**
	 * Those that something is being checked of. This map and all it leads to, and those
	 * below, are used under its lock.
	 */
	private final Map<UserLogins.Key, UserLogins> active = new HashMap<>();

	/**
	 * Those that have had to wait, the one that failed last at the end.
	 */
	private final Map<UserLogins.Key, UserLogins> slowed = new LinkedHashMap<>();

	/**
	 * Those that have not, and those that the others leave no room for.
	 */
	private final Map<UserLogins.Key, UserLogins> mistyped = new LinkedHashMap<>();

	/**
	 * Create one that has seen nobody fail.
	 * @param users the names of the users
	 */
	FailedLogins(Set<String> users, LongSupplier nanoClock) {
		this(users, nanoClock, MOST_WAIT);
	}

	FailedLogins(Set<String> users, LongSupplier nanoClock, Duration mostWait) {
		this.users = users;
		this.nanoClock = nanoClock;
		this.mostWait = mostWait;
	}

	/**
	 * Checks a user name and password, when their source may have one checked. A check
	 * that has begun goes on to its end when the caller cancels.
	 * @param name the name that was given, whether a user has it or not
	 * @param check the check; not subscribed to when there is to be none. It may refuse
	 * to look, by the same exception: that is no failure, but those of the source that
	 * wait are refused too
	 * @return what the check says; a {@link TooManyFailuresException} if there was none
	 */
	Mono<Authentication> check(Source source, String name, Mono<Authentication> check) {
		UserLogins.Key key = new UserLogins.Key(source, this.users.contains(name) ? name : NOBODY);
		return Mono.<Signal<Authentication>>create((sink) -> enter(key, check, sink)).dematerialize();
	}

	private void enter(UserLogins.Key key, Mono<Authentication> check, MonoSink<Signal<Authentication>> sink) {
		LoginAttempt attempt;
		boolean admitted;
		try {
			synchronized (this.active) {
				long now = this.nanoClock.getAsLong();
				forgetOld(this.slowed, now);
				forgetOld(this.mistyped, now);
				UserLogins known = find(key);
				attempt = new LoginAttempt(known, check, sink);
				admitted = known.enter(attempt, now);
				this.active.put(key, known);
			}
		}
		catch (TooManyFailuresException ex) {
			sink.success(Signal.error(ex));
			return;
		}
		if (admitted) {
			begin(attempt);
			return;
		}
		sink.onCancel(() -> giveUp(attempt));
		sink.onDispose(Schedulers.parallel()
			.schedule(() -> refuseIfWaiting(attempt), this.mostWait.toNanos(), TimeUnit.NANOSECONDS));
	}

	private UserLogins find(UserLogins.Key key) {
		UserLogins known = this.active.get(key);
		known = (known != null) ? known : this.slowed.get(key);
		known = (known != null) ? known : this.mistyped.get(key);
		return (known != null) ? known : new UserLogins(key);
	}

	private static void forgetOld(Map<UserLogins.Key, UserLogins> remembered, long now) {
		Iterator<UserLogins> eldestFirst = remembered.values().iterator();
		while (eldestFirst.hasNext() && eldestFirst.next().silentNanos(now) > REMEMBERED_NANOS) {
			eldestFirst.remove();
		}
	}

	/**
	 * Has an attempt checked, as a subscriber of its own: who hangs up would else have
	 * its guesses checked and not counted.
	 */
	private void begin(LoginAttempt attempt) {
		attempt.check().materialize().subscribe((outcome) -> end(attempt, outcome));
	}

	private void refuseIfWaiting(LoginAttempt attempt) {
		if (giveUp(attempt)) {
			attempt.refuse(0);
		}
	}

	/**
	 * Takes back an attempt that waits.
	 * @return false when it does not wait any more
	 */
	private boolean giveUp(LoginAttempt attempt) {
		synchronized (this.active) {
			return attempt.logins().giveUp(attempt);
		}
	}

	private void end(LoginAttempt attempt, Signal<Authentication> outcome) {
		UserLogins known = attempt.logins();
		boolean unchecked = outcome.getThrowable() instanceof TooManyFailuresException;
		List<LoginAttempt> next;
		long wait;
		synchronized (this.active) {
			long now = this.nanoClock.getAsLong();
			if (!unchecked) {
				count(known, outcome, now);
			}
			next = known.leave(now, unchecked);
			wait = known.waitNanos(now);
			if (known.isIdle()) {
				this.active.remove(known.key());
			}
		}
		for (LoginAttempt each : next) {
			if (wait > 0 || unchecked) {
				each.refuse(wait);
			}
			else {
				begin(each);
			}
		}
		attempt.answer(outcome);
	}

	private void count(UserLogins known, Signal<Authentication> outcome, long now) {
		if (outcome.getThrowable() instanceof AuthenticationException) {
			known.failed(now);
			remember(known);
		}
		else if (outcome.hasValue() && known.hasFailed()) {
			known.succeeded();
			this.slowed.remove(known.key());
			this.mistyped.remove(known.key());
		}
	}

	private void remember(UserLogins known) {
		UserLogins.Key key = known.key();
		this.mistyped.remove(key);
		boolean remembered = this.slowed.remove(key) != null;
		if (known.isSlowed() && (remembered || this.slowed.size() < MOST_REMEMBERED)) {
			this.slowed.put(key, known);
			return;
		}
		this.mistyped.put(key, known);
		if (this.mistyped.size() > MOST_REMEMBERED) {
			this.mistyped.remove(this.mistyped.keySet().iterator().next());
		}
	}

}
