package dev.echod.admin;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.security.core.Authentication;

/**
 * The sessions of those who logged in by the form. Only a login begins one, each user has
 * some at most, and none is for good.
 */
class Sessions {

	/**
	 * How long a session lasts in which nothing is asked for. To look at the event stream
	 * is not to ask: a page that was left open alone does not keep its session.
	 */
	static final Duration IDLE = Duration.ofHours(1);

	/**
	 * How long a session lasts whatever is asked for.
	 */
	static final Duration LONGEST = Duration.ofHours(12);

	/**
	 * Of one user. Who logs in once more ends the one that was idle longest.
	 */
	static final int MOST_OF_A_USER = 50;

	private static final int BYTES = 32;

	private final SecureRandom random = new SecureRandom();

	private final LongSupplier nanoClock;

	/**
	 * By id. Used under its own lock.
	 */
	private final Map<String, Session> sessions = new LinkedHashMap<>();

	Sessions(LongSupplier nanoClock) {
		this.nanoClock = nanoClock;
	}

	/**
	 * Begins a session of somebody whose password was right.
	 */
	Session begin(Authentication user) {
		synchronized (this.sessions) {
			long now = this.nanoClock.getAsLong();
			List.copyOf(this.sessions.values()).stream().filter((each) -> isOver(each, now)).forEach(this::end);
			List<Session> others = this.sessions.values()
				.stream()
				.filter((each) -> each.user().getName().equals(user.getName()))
				.toList();
			if (others.size() >= MOST_OF_A_USER) {
				others.stream().max(Comparator.comparingLong((each) -> each.idleNanos(now))).ifPresent(this::end);
			}
			Session session = new Session(secret(), secret(), user, now);
			this.sessions.put(session.id(), session);
			return session;
		}
	}

	private String secret() {
		byte[] bytes = new byte[BYTES];
		this.random.nextBytes(bytes);
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	/**
	 * The session with this id, which is used by that; null when there is none, or it is
	 * over.
	 */
	@Nullable Session use(String id) {
		synchronized (this.sessions) {
			Session session = this.sessions.get(id);
			long now = this.nanoClock.getAsLong();
			if (session == null || isOver(session, now)) {
				return null;
			}
			session.use(now);
			return session;
		}
	}

	/**
	 * Whether a session has ended, or lasted as long as it may.
	 */
	boolean isOver(Session session) {
		synchronized (this.sessions) {
			return isOver(session, this.nanoClock.getAsLong());
		}
	}

	private static boolean isOver(Session session, long now) {
		return session.hasEnded() || session.idleNanos(now) > IDLE.toNanos()
				|| session.ageNanos(now) > LONGEST.toNanos();
	}

	/**
	 * Ends a session, whether it is over or not.
	 */
	void end(Session session) {
		synchronized (this.sessions) {
			session.end();
			this.sessions.remove(session.id());
		}
	}

	int count() {
		synchronized (this.sessions) {
			return this.sessions.size();
		}
	}

}
