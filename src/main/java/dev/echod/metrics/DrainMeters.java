package dev.echod.metrics;

import java.util.function.ToDoubleFunction;

import dev.echod.drain.Drain;
import dev.echod.drain.DrainProgress;
import dev.echod.drain.DrainState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of the drain.
 */
class DrainMeters implements MeterBinder {

	private final Drain drain;

	DrainMeters(Drain drain) {
		this.drain = drain;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		gauge(Meters.DRAIN_STATE, (source) -> number(source.status().state()), registry);
		gauge(Meters.DRAIN_REMAINING, DrainMeters::remaining, registry);
	}

	private void gauge(Meters meter, ToDoubleFunction<Drain> value, MeterRegistry registry) {
		Gauge.builder(meter.meterName(), this.drain, value).description(meter.description()).register(registry);
	}

	private static int number(DrainState state) {
		return switch (state) {
			case SERVING, CANCELLED -> 0;
			case ANNOUNCED -> 1;
			case DRAINING -> 2;
			case DRAINED -> 3;
		};
	}

	private static long remaining(Drain drain) {
		DrainProgress progress = drain.status().progress();
		return (progress != null && drain.status().outcome() == null) ? progress.remaining() : 0;
	}

}
