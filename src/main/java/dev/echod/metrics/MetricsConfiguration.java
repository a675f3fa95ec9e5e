package dev.echod.metrics;

import dev.echod.connection.ConnectionRegistry;
import java.util.Map;

import dev.echod.drain.Drain;
import dev.echod.listener.AccessLog;
import dev.echod.listener.Listeners;
import dev.echod.transport.EventLoops;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyEventExecutorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

	@Bean
	ConnectionMeters connectionMeters(Listeners listeners, ConnectionRegistry connections) {
		return new ConnectionMeters(listeners, connections);
	}

	@Bean
	MeterBinder accessLogMeters(AccessLog accessLog) {
		return (registry) -> FunctionCounter
			.builder(Meters.ACCESS_LOG_DROPPED.meterName(), accessLog, AccessLog::dropped)
			.description(Meters.ACCESS_LOG_DROPPED.description())
			.register(registry);
	}

	@Bean
	DrainMeters drainMeters(Drain drain) {
		return new DrainMeters(drain);
	}

	@Bean
	NettyEventExecutorMetrics eventLoopMeters(EventLoops eventLoops) {
		return new NettyEventExecutorMetrics(eventLoops.executors());
	}

	/**
	 * Gives meters of Spring and Micrometer the descriptions they lack.
	 */
	@Bean
	MeterFilter missingDescriptions() {
		Map<String, String> descriptions = Map.of("http.server.requests", "Requests to the admin API",
				"netty.allocator.memory.used", "Memory taken by Netty's allocator", "netty.eventexecutor.tasks.pending",
				"Tasks that wait for an event loop");
		return new MeterFilter() {

			@Override
			public Meter.Id map(Meter.Id id) {
				String description = descriptions.get(id.getName());
				return (description != null)
						? new Meter.Id(id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), description, id.getType())
						: id;
			}

		};
	}

	@Bean
	NettyAllocatorMetrics allocatorMeters(EventLoops eventLoops) {
		return new NettyAllocatorMetrics(eventLoops.allocator());
	}

}
