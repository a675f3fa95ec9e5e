package dev.echod.metrics;

import java.util.concurrent.TimeUnit;

import dev.echod.drain.Drain;
import dev.echod.drain.DrainOutcome;
import dev.echod.drain.DrainPlan;
import dev.echod.drain.DrainProgress;
import dev.echod.drain.DrainState;
import dev.echod.drain.DrainStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

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
		for (DrainState state : DrainState.values()) {
			Gauge
				.builder(Meters.DRAIN_STATE.meterName(), this.drain,
						(source) -> (source.status().state() == state) ? 1 : 0)
				.description(Meters.DRAIN_STATE.description())
				.tag("state", state.name())
				.register(registry);
		}
		Gauge.builder(Meters.DRAIN_REMAINING.meterName(), this.drain, DrainMeters::remaining)
			.description(Meters.DRAIN_REMAINING.description())
			.register(registry);
		TimeGauge.builder(Meters.DRAIN_TIME_LEFT.meterName(), this.drain, TimeUnit.NANOSECONDS, DrainMeters::nanosLeft)
			.description(Meters.DRAIN_TIME_LEFT.description())
			.register(registry);
		TimeGauge.builder(Meters.DRAIN_DEADLINE.meterName(), this.drain, TimeUnit.NANOSECONDS, DrainMeters::nanosGiven)
			.description(Meters.DRAIN_DEADLINE.description())
			.register(registry);
		for (DrainOutcome outcome : DrainOutcome.values()) {
			FunctionCounter.builder(Meters.DRAIN_OUTCOMES.meterName(), this.drain, (source) -> source.count(outcome))
				.description(Meters.DRAIN_OUTCOMES.description())
				.tag("outcome", outcome.name())
				.register(registry);
		}
	}

	private static long remaining(Drain drain) {
		DrainProgress progress = running(drain);
		return (progress != null) ? progress.remaining() : 0;
	}

	private static long nanosLeft(Drain drain) {
		DrainProgress progress = running(drain);
		return (progress != null) ? progress.timeLeft().toNanos() : 0;
	}

	private static long nanosGiven(Drain drain) {
		DrainStatus status = drain.status();
		DrainPlan plan = status.plan();
		return (plan != null && status.outcome() == null) ? plan.deadline().toNanos() : 0;
	}

	private static @Nullable DrainProgress running(Drain drain) {
		DrainStatus status = drain.status();
		return (status.outcome() == null) ? status.progress() : null;
	}

}
