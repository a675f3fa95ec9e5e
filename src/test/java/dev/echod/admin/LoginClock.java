package dev.echod.admin;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * The time that failed logins and the sessions of a service in this JVM go by. It passes
 * only when a test says so, however busy the machine is: a source that has to wait waits
 * until then.
 */
class LoginClock {

	private final AtomicLong nanos = new AtomicLong();

	void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	@Bean
	@Primary
	FailedLogins failedLoginsOfThisClock(AdminProperties properties) {
		return new FailedLogins(SecurityConfiguration.names(properties), this.nanos::get);
	}

	@Bean
	@Primary
	Sessions sessionsOfThisClock() {
		return new Sessions(this.nanos::get);
	}

}
