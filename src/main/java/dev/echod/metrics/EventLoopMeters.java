package dev.echod.metrics;

import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.echod.transport.EventLoops;
import dev.echod.transport.Heartbeat;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.netty4.NettyEventExecutorMetrics;

/**
 * Meters of the event loops, by their number from 0, with Netty's own among them.
 */
class EventLoopMeters implements MeterBinder {

	private final EventLoops eventLoops;

	EventLoopMeters(EventLoops eventLoops) {
		this.eventLoops = eventLoops;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		List<Heartbeat> heartbeats = this.eventLoops.heartbeats();
		for (int i = 0; i < heartbeats.size(); i++) {
			Tags tags = Tags.of("loop", String.valueOf(i));
			TimeGauge
				.builder(Meters.LOOP_LAG.meterName(), heartbeats.get(i), TimeUnit.NANOSECONDS,
						(heartbeat) -> heartbeat.lag().toNanos())
				.description(Meters.LOOP_LAG.description())
				.tags(tags)
				.register(registry);
			Gauge.builder(Meters.LOOP_UTILISATION.meterName(), heartbeats.get(i), Heartbeat::utilisation)
				.description(Meters.LOOP_UTILISATION.description())
				.tags(tags)
				.register(registry);
			new NettyEventExecutorMetrics(List.of(this.eventLoops.executors().get(i)), tags).bindTo(registry);
		}
	}

}
