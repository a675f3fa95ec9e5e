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

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;

/**
 * Slows down who guesses passwords, each source for itself. Five failures of a source are
 * free; each one after them has it wait, from one second on twice as long each time and a
 * minute at most, in which nothing that it sends is checked. A success as a user takes
 * back the failures as that user, and an hour without a failure all. Those that come at
 * once are not all checked at once: no more than could fail without one of them having to
 * wait.
 * <p>
 * Only sources that failed are remembered, ten thousand that have had to wait and ten
 * thousand that have not. Of the latter the one that was silent longest is forgotten for
 * a new one, which does it no harm. Of the former none is forgotten before its hour is
 * over: whoever has more sources than that cannot have them push out his own, nor those
 * of others. Sources beyond them wait just the same, but are remembered as the latter
 * are. What is left to someone with very many sources are the free guesses of each; to
 * keep him from those would be to keep everybody out whose source is new.
 */
class FailedLogins {

	/**
	 * Stands for all names that no user has.
	 */
	static final String NOBODY = "";

	private static final int MOST_SOURCES = 10_000;

	private static final long REMEMBERED_NANOS = TimeUnit.HOURS.toNanos(1);

	/**
	 * How long a login waits for others of its source to be checked.
	 */
	private static final Duration MOST_WAIT = Duration.ofSeconds(10);

	private final Set<String> users;

	private final LongSupplier nanoClock;

	/**
	 * Those that something is being checked of. This map and all it leads to, and those
	 * below, are used under its lock.
	 */
	private final Map<Source, LoginSource> active = new HashMap<>();

	/**
	 * Those that have had to wait, the one that failed last at the end.
	 */
	private final Map<Source, LoginSource> slowed = new LinkedHashMap<>();

	/**
	 * Those that have not, and those that the others leave no room for.
	 */
	private final Map<Source, LoginSource> mistyped = new LinkedHashMap<>();

	/**
	 * Create one that has seen nobody fail.
	 * @param users the names of the users
	 */
	FailedLogins(Set<String> users, LongSupplier nanoClock) {
		this.users = users;
		this.nanoClock = nanoClock;
	}

	/**
	 * Checks a user name and password, when their source may have one checked.
	 * @param name the name that was given, whether a user has it or not
	 * @param check the check; not subscribed to when there is to be none
	 * @return what the check says; a {@link TooManyFailuresException} if there was none
	 */
	Mono<Authentication> check(Source source, String name, Mono<Authentication> check) {
		String user = this.users.contains(name) ? name : NOBODY;
		return Mono.<LoginAttempt>create((sink) -> enter(source, user, sink))
			.timeout(MOST_WAIT, Mono.error(() -> new TooManyFailuresException(0)))
			.flatMap((attempt) -> check.doOnNext((success) -> end(source, attempt, true))
				.doOnError(AuthenticationException.class, (ex) -> end(source, attempt, false))
				.doFinally((signal) -> end(source, attempt, null)));
	}

	private void enter(Source source, String user, MonoSink<LoginAttempt> sink) {
		LoginAttempt attempt;
		try {
			synchronized (this.active) {
				long now = this.nanoClock.getAsLong();
				forgetOld(this.slowed, now);
				forgetOld(this.mistyped, now);
				LoginSource known = find(source);
				attempt = new LoginAttempt(known, user, sink);
				boolean admitted = known.enter(attempt, now);
				this.active.put(source, known);
				sink.onCancel(() -> end(source, attempt, null));
				if (!admitted) {
					return;
				}
			}
		}
		catch (TooManyFailuresException ex) {
			sink.error(ex);
			return;
		}
		attempt.admit();
	}

	private LoginSource find(Source source) {
		LoginSource known = this.active.get(source);
		known = (known != null) ? known : this.slowed.get(source);
		known = (known != null) ? known : this.mistyped.get(source);
		return (known != null) ? known : new LoginSource();
	}

	private static void forgetOld(Map<Source, LoginSource> sources, long now) {
		Iterator<LoginSource> eldestFirst = sources.values().iterator();
		while (eldestFirst.hasNext() && eldestFirst.next().silentNanos(now) > REMEMBERED_NANOS) {
			eldestFirst.remove();
		}
	}

	/**
	 * Ends an attempt; the first of several calls counts.
	 * @param success null when it was given up
	 */
	private void end(Source source, LoginAttempt attempt, @Nullable Boolean success) {
		List<Runnable> answers;
		synchronized (this.active) {
			if (!attempt.end()) {
				return;
			}
			long now = this.nanoClock.getAsLong();
			LoginSource known = attempt.source();
			if (success != null) {
				count(source, known, attempt.user(), success, now);
			}
			answers = known.leave(attempt, now);
			if (known.isIdle()) {
				this.active.remove(source);
			}
		}
		answers.forEach(Runnable::run);
	}

	private void count(Source source, LoginSource known, String user, boolean success, long now) {
		if (!success) {
			known.failed(user, now);
			remember(source, known);
		}
		else if (known.failures() > 0) {
			known.succeeded(user);
			if (known.failures() == 0) {
				this.slowed.remove(source);
				this.mistyped.remove(source);
			}
		}
	}

	private void remember(Source source, LoginSource known) {
		this.mistyped.remove(source);
		boolean remembered = this.slowed.remove(source) != null;
		if (known.failures() > LoginSource.FREE && (remembered || this.slowed.size() < MOST_SOURCES)) {
			this.slowed.put(source, known);
			return;
		}
		this.mistyped.put(source, known);
		if (this.mistyped.size() > MOST_SOURCES) {
			this.mistyped.remove(this.mistyped.keySet().iterator().next());
		}
	}

}
