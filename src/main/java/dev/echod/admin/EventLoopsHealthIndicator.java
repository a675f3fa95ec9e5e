package dev.echod.admin;

import java.time.Duration;
import java.util.function.Supplier;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Down when an event loop has not run anything for ten seconds, and with it none of its
 * connections is served. One that is busy is late, and not dead.
 */
class EventLoopsHealthIndicator implements HealthIndicator {

	private static final Duration DEAD = Duration.ofSeconds(10);

	private final Supplier<Duration> silence;

	/**
	 * Create an indicator.
	 * @param silence how long an event loop has not run anything; of several the longest
	 */
	EventLoopsHealthIndicator(Supplier<Duration> silence) {
		this.silence = silence;
	}

	@Override
	public Health health() {
		Duration silent = this.silence.get();
		if (silent.compareTo(DEAD) < 0) {
			return Health.up().build();
		}
		return Health.down()
			.withDetail("reason", "an event loop has not run anything for %d seconds".formatted(silent.toSeconds()))
			.build();
	}

}
