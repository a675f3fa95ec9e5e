package dev.echod.admin;

import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Signal;

import org.springframework.security.core.Authentication;

/**
 * A user name and password that came from a source, and who waits to be told whether they
 * are right. It may have left: then it is told nothing.
 */
final class LoginAttempt {

	private final UserLogins logins;

	private final Mono<Authentication> check;

	private final MonoSink<Signal<Authentication>> sink;

	LoginAttempt(UserLogins logins, Mono<Authentication> check, MonoSink<Signal<Authentication>> sink) {
		this.logins = logins;
		this.check = check;
		this.sink = sink;
	}

	UserLogins logins() {
		return this.logins;
	}

	Mono<Authentication> check() {
		return this.check;
	}

	void answer(Signal<Authentication> outcome) {
		this.sink.success(outcome);
	}

	void refuse(long waitNanos) {
		answer(Signal.error(new TooManyFailuresException(waitNanos)));
	}

}
