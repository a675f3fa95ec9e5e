package dev.echod.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.ConnectionTotals;
import dev.echod.connection.RefusalReason;
import dev.echod.listener.Listener;
import dev.echod.listener.ListenerState;
import dev.echod.listener.Listeners;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of the listeners' connections. They ask when they are read; only a connection's
 * end is recorded when it happens.
 */
class ConnectionMeters implements MeterBinder {

	private final Listeners listeners;

	private final ConnectionRegistry connections;

	ConnectionMeters(Listeners listeners, ConnectionRegistry connections) {
		this.listeners = listeners;
		this.connections = connections;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Map<String, ConnectionEnds> ends = new ConcurrentHashMap<>();
		for (Listener listener : this.listeners.all()) {
			bind(listener, registry);
			ends.put(listener.name(), new ConnectionEnds(listener.name(), registry));
		}
		this.connections.onClosed((closed) -> {
			ConnectionEnds known = ends.get(closed.listener());
			// A connection factory of the application's may have the registry as well.
			((known != null) ? known
					: ends.computeIfAbsent(closed.listener(), (name) -> new ConnectionEnds(name, registry)))
				.record(closed);
		});
	}

	private void bind(Listener listener, MeterRegistry registry) {
		Tags tags = Tags.of("listener", listener.name());
		gauge(Meters.ARRIVING, listener, tags, ConnectionTotals::arriving, registry);
		gauge(Meters.ACTIVE, listener, tags, ConnectionTotals::active, registry);
		counter(Meters.OPENED, listener, tags, ConnectionTotals::opened, registry);
		counter(Meters.SILENT, listener, tags, ConnectionTotals::silent, registry);
		counter(Meters.MESSAGES, listener, tags, ConnectionTotals::messages, registry);
		counter(Meters.BYTES, listener, tags.and("direction", "received"), ConnectionTotals::bytesReceived, registry);
		counter(Meters.BYTES, listener, tags.and("direction", "sent"), ConnectionTotals::bytesSent, registry);
		for (RefusalReason reason : RefusalReason.values()) {
			FunctionCounter
				.builder(Meters.REFUSED.meterName(), this.connections,
						(source) -> source.refusals(listener.name(), reason))
				.description(Meters.REFUSED.description())
				.tags(tags.and("reason", reason.name()))
				.register(registry);
		}
		FunctionCounter
			.builder(Meters.ACCEPT_ERRORS.meterName(), this.connections,
					(source) -> source.acceptErrors(listener.name()))
			.description(Meters.ACCEPT_ERRORS.description())
			.tags(tags)
			.register(registry);
		for (ListenerState state : ListenerState.values()) {
			Gauge.builder(Meters.LISTENER_STATE.meterName(), listener, (source) -> (source.state() == state) ? 1 : 0)
				.description(Meters.LISTENER_STATE.description())
				.tags(tags.and("state", state.name()))
				.register(registry);
		}
	}

	private static void gauge(Meters meter, Listener listener, Tags tags, ToLongFunction<ConnectionTotals> value,
			MeterRegistry registry) {
		Gauge.builder(meter.meterName(), listener, (source) -> value.applyAsLong(source.totals()))
			.description(meter.description())
			.baseUnit(meter.unit())
			.tags(tags)
			.register(registry);
	}

	private static void counter(Meters meter, Listener listener, Tags tags, ToLongFunction<ConnectionTotals> value,
			MeterRegistry registry) {
		FunctionCounter.builder(meter.meterName(), listener, (source) -> value.applyAsLong(source.totals()))
			.description(meter.description())
			.baseUnit(meter.unit())
			.tags(tags)
			.register(registry);
	}

}
