package dev.echod.connection;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ConnectionConfiguration {

	@Bean
	ConnectionRegistry connectionRegistry(ClosedConnectionsProperties kept) {
		return new ConnectionRegistry(kept, System::nanoTime);
	}

	@Bean
	ClosedConnectionsExpiry closedConnectionsExpiry(ConnectionRegistry registry) {
		return new ClosedConnectionsExpiry(registry);
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
