package dev.echod.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import org.jspecify.annotations.Nullable;

import org.springframework.security.core.Authentication;

/**
 * One who logged in by the form. The time is that of {@link Sessions}, under whose lock
 * it changes.
 */
final class Session {

	private final String id;

	private final String csrfToken;

	private final Authentication user;

	private final long begunNanos;

	private long usedNanos;

	private volatile boolean ended;

	Session(String id, String csrfToken, Authentication user, long now) {
		this.id = id;
		this.csrfToken = csrfToken;
		this.user = user;
		this.begunNanos = now;
		this.usedNanos = now;
	}

	/**
	 * What the cookie says, and nothing else ever tells.
	 */
	String id() {
		return this.id;
	}

	Authentication user() {
		return this.user;
	}

	/**
	 * What a change has to come with: a page of another site cannot read it.
	 */
	String csrfToken() {
		return this.csrfToken;
	}

	/**
	 * Whether this is the token, found out in a time that does not tell how much of it
	 * is.
	 */
	boolean isCsrfToken(@Nullable String given) {
		return given != null && MessageDigest.isEqual(this.csrfToken.getBytes(StandardCharsets.UTF_8),
				given.getBytes(StandardCharsets.UTF_8));
	}

	void use(long now) {
		this.usedNanos = now;
	}

	long idleNanos(long now) {
		return now - this.usedNanos;
	}

	long ageNanos(long now) {
		return now - this.begunNanos;
	}

	void end() {
		this.ended = true;
	}

	boolean hasEnded() {
		return this.ended;
	}

}
