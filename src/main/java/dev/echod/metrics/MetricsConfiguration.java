package dev.echod.metrics;

import dev.echod.connection.ConnectionRegistry;
import dev.echod.drain.Drain;
import dev.echod.listener.Listeners;
import dev.echod.transport.EventLoops;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyEventExecutorMetrics;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

	@Bean
	ConnectionMeters connectionMeters(Listeners listeners, ConnectionRegistry connections) {
		return new ConnectionMeters(listeners, connections);
	}

	@Bean
	DrainMeters drainMeters(Drain drain) {
		return new DrainMeters(drain);
	}

	@Bean
	NettyEventExecutorMetrics eventLoopMeters(EventLoops eventLoops) {
		return new NettyEventExecutorMetrics(eventLoops.executors());
	}

	@Bean
	NettyAllocatorMetrics allocatorMeters(EventLoops eventLoops) {
		return new NettyAllocatorMetrics(eventLoops.allocator());
	}

}
