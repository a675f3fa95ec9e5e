package dev.echod.connection;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Finds out every five seconds how much each connection has received and sent in a second
 * since the last time. Used by one thread.
 */
final class RateSampler {

	private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final Collection<ServedConnection> connections;

	private final LongSupplier nanoClock;

	private long latestNanos;

	RateSampler(Collection<ServedConnection> connections, LongSupplier nanoClock) {
		this.connections = connections;
		this.nanoClock = nanoClock;
		this.latestNanos = nanoClock.getAsLong();
	}

	void sweep() {
		long now = this.nanoClock.getAsLong();
		long elapsed = now - this.latestNanos;
		if (elapsed >= PERIOD_NANOS) {
			this.latestNanos = now;
			this.connections.forEach((connection) -> connection.activity().sample(elapsed));
		}
	}

}
