package dev.echod.metrics;

import dev.echod.connection.ConnectionRegistry;
import dev.echod.listener.Listeners;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

	@Bean
	ConnectionMeters connectionMeters(Listeners listeners, ConnectionRegistry connections) {
		return new ConnectionMeters(listeners, connections);
	}

}
