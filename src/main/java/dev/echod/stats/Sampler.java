package dev.echod.stats;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.echod.admin.DrainDescriptor;
import dev.echod.admin.LastProbes;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.Times;
import dev.echod.drain.Drain;
import dev.echod.listener.Listener;
import dev.echod.listener.Listeners;
import dev.echod.transport.EventLoops;
import dev.echod.transport.Heartbeat;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.availability.ApplicationAvailability;

/**
 * Finds out how the service is, once a second for all who want to know. Used by one
 * thread.
 */
class Sampler implements Supplier<Sample> {

	/**
	 * What is kept is bounded, however many are configured.
	 */
	static final int MOST_LISTENERS = 20;

	private final @Nullable String version;

	private final EventLoops eventLoops;

	private final ApplicationAvailability availability;

	private final Drain drain;

	private final List<ListenerSampler> listeners;

	private final int listenersLeftOut;

	private final MemorySampler memory;

	private final Instant start;

	private final LongSupplier nanoClock;

	private final long startNanos;

	/**
	 * Create a sampler that begins now.
	 * @param version of the build; null where it is not known
	 */
	Sampler(@Nullable String version, EventLoops eventLoops, ApplicationAvailability availability, Drain drain,
			Listeners listeners, ConnectionRegistry registry, LastProbes probes, Instant start,
			LongSupplier nanoClock) {
		this.version = version;
		this.eventLoops = eventLoops;
		this.availability = availability;
		this.drain = drain;
		this.start = start;
		this.nanoClock = nanoClock;
		this.startNanos = nanoClock.getAsLong();
		List<Listener> first = listeners.all().stream().limit(MOST_LISTENERS).toList();
		this.listeners = first.stream()
			.map((listener) -> new ListenerSampler(listener, registry, probes, this.startNanos))
			.toList();
		this.listenersLeftOut = listeners.all().size() - first.size();
		this.memory = new MemorySampler(eventLoops);
	}

	@Override
	public Sample get() {
		long now = this.nanoClock.getAsLong();
		Duration uptime = Duration.ofNanos(now - this.startNanos);
		return new Sample(this.start, Instant.now().truncatedTo(ChronoUnit.MILLIS), uptime.toSeconds(), this.version,
				this.eventLoops.transport().toString(), this.availability.getReadinessState(),
				DrainDescriptor.of(this.drain.status()),
				this.listeners.stream().map((listener) -> listener.sample(now)).toList(), this.listenersLeftOut,
				this.eventLoops.heartbeats().stream().map(Sampler::sample).toList(), this.memory.sample());
	}

	private static Sample.OfLoop sample(Heartbeat heartbeat) {
		return new Sample.OfLoop(Times.seconds(heartbeat.latestLag()),
				Math.round(1000 * heartbeat.utilisation()) / 1000.0);
	}

}
