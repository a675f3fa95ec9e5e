package dev.echod.transport;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TransportConfiguration {

	@Bean
	EventLoops eventLoops(TransportProperties properties) {
		return EventLoops.start(properties.transport(), properties.eventLoops());
	}

}
