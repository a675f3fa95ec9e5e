package dev.echod.connection;

import java.time.Duration;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ConnectionConfiguration {

	@Bean
	ConnectionRegistry connectionRegistry(ClosedConnectionsProperties kept) {
		return new ConnectionRegistry(kept, System::nanoTime);
	}

	/**
	 * An entry's memory is had for its age and a minute at most, also where nobody closes
	 * any more.
	 */
	@Bean
	RepeatedTask closedConnectionsExpiry(ConnectionRegistry registry) {
		return new RepeatedTask("closed-connections", Duration.ofMinutes(1), registry::forgetExpired);
	}

	@Bean
	OpenConnections openConnections(ConnectionRegistry registry) {
		return new OpenConnections(registry);
	}

	@Bean
	ClosedConnections closedConnections(ConnectionRegistry registry) {
		return new ClosedConnections(registry);
	}

	@Bean
	BulkClose bulkClose(OpenConnections connections, ConnectionRegistry registry) {
		return new BulkClose(connections, registry, System::nanoTime);
	}

}
