package dev.echod.admin;

import reactor.core.publisher.MonoSink;

/**
 * A user name and password that came from a source.
 */
final class LoginAttempt {

	private final LoginSource source;

	private final String user;

	private final MonoSink<LoginAttempt> sink;

	private boolean ended;

	LoginAttempt(LoginSource source, String user, MonoSink<LoginAttempt> sink) {
		this.source = source;
		this.user = user;
		this.sink = sink;
	}

	LoginSource source() {
		return this.source;
	}

	String user() {
		return this.user;
	}

	void admit() {
		this.sink.success(this);
	}

	void refuse(long waitNanos) {
		this.sink.error(new TooManyFailuresException(waitNanos));
	}

	/**
	 * Ends it. Called under the lock of {@link FailedLogins}.
	 * @return false when it had ended already
	 */
	boolean end() {
		boolean first = !this.ended;
		this.ended = true;
		return first;
	}

}
