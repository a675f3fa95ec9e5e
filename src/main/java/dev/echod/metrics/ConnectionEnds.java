package dev.echod.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * What is recorded at the end of each of a listener's connections. The meters are looked
 * up once, and not on the event loop; they are there from the start, so that a rate has
 * its zero.
 */
final class ConnectionEnds {

	/**
	 * From a check by a machine to a connection that is never closed: few, as each is a
	 * series for each listener.
	 */
	private static final Duration[] BUCKETS = { Duration.ofMillis(1), Duration.ofMillis(10), Duration.ofMillis(100),
			Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10),
			Duration.ofHours(1), Duration.ofHours(6), Duration.ofDays(1), Duration.ofDays(7) };

	private final Map<CloseReason, Counter> closed = new EnumMap<>(CloseReason.class);

	private final Timer duration;

	ConnectionEnds(String listener, MeterRegistry registry) {
		for (CloseReason reason : CloseReason.values()) {
			this.closed.put(reason,
					Counter.builder(Meters.CLOSED.meterName())
						.description(Meters.CLOSED.description())
						.tags("listener", listener, "reason", reason.name())
						.register(registry));
		}
		this.duration = Timer.builder(Meters.DURATION.meterName())
			.description(Meters.DURATION.description())
			.tags("listener", listener)
			.serviceLevelObjectives(BUCKETS)
			.register(registry);
	}

	/**
	 * Called on the connection's event loop.
	 */
	void record(ClosedConnection connection) {
		if (!connection.isSilent()) {
			Objects.requireNonNull(this.closed.get(connection.reason())).increment();
			this.duration.record(connection.duration());
		}
	}

}
