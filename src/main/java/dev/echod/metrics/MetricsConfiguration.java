package dev.echod.metrics;

import java.util.Map;

import dev.echod.connection.ConnectionRegistry;
import dev.echod.drain.Drain;
import dev.echod.listener.AccessLog;
import dev.echod.listener.Listeners;
import dev.echod.log.DroppedLines;
import dev.echod.refusal.RefusedRequests;
import dev.echod.tls.ReloadedBundles;
import dev.echod.transport.EventLoops;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.info.GitProperties;
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
	MeterBinder logMeters() {
		return (registry) -> Map.of("audit", DroppedLines.OF_AUDIT, "other", DroppedLines.OTHERS)
			.forEach((lines, dropped) -> FunctionCounter
				.builder(Meters.LOG_DROPPED.meterName(), dropped, DroppedLines::count)
				.description(Meters.LOG_DROPPED.description())
				.tag("lines", lines)
				.register(registry));
	}

	@Bean
	DrainMeters drainMeters(Drain drain) {
		return new DrainMeters(drain);
	}

	@Bean
	TlsMeters tlsMeters(Listeners listeners, ReloadedBundles bundles) {
		return new TlsMeters(listeners, bundles);
	}

	@Bean
	AdminMeters adminMeters(RefusedRequests refused) {
		return new AdminMeters(refused);
	}

	@Bean
	EventLoopMeters eventLoopMeters(EventLoops eventLoops) {
		return new EventLoopMeters(eventLoops);
	}

	@Bean
	BuildMeter buildMeter(ObjectProvider<BuildProperties> build, ObjectProvider<GitProperties> git) {
		return new BuildMeter(build.getIfAvailable(), git.getIfAvailable());
	}

	/**
	 * Takes away what would make new series at each start, which is a hash of the
	 * allocator, and threads' names where the event loop has a number; and the number of
	 * event loops, which Netty's meter forgets at the first garbage collection.
	 */
	@Bean
	MeterFilter steadySeries() {
		return new MeterFilter() {

			@Override
			public MeterFilterReply accept(Meter.Id id) {
				return id.getName().equals("netty.eventexecutor.workers") ? MeterFilterReply.DENY
						: MeterFilterReply.NEUTRAL;
			}

			@Override
			public Meter.Id map(Meter.Id id) {
				String unsteady = id.getName().startsWith("netty.allocator.") ? "id"
						: id.getName().startsWith("netty.eventexecutor.") ? "name" : null;
				return (unsteady != null)
						? id.replaceTags(id.getTags().stream().filter((tag) -> !tag.getKey().equals(unsteady)).toList())
						: id;
			}

		};
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
