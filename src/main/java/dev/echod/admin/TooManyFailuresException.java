package dev.echod.admin;

import java.util.concurrent.TimeUnit;

import org.springframework.security.core.AuthenticationException;

/**
 * A user name and password were not looked at, because too many from their source were
 * wrong, or too many wait to be looked at.
 */
class TooManyFailuresException extends AuthenticationException {

	private static final long serialVersionUID = 1L;

	private final long seconds;

	/**
	 * Create an exception.
	 * @param waitNanos how long it is still to wait
	 */
	TooManyFailuresException(long waitNanos) {
		super("Too many failures");
		this.seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(Math.max(0, waitNanos - 1));
	}

	/**
	 * How long it is still to wait, in seconds; at least one.
	 */
	long seconds() {
		return this.seconds;
	}

}
