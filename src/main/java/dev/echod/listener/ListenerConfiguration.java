package dev.echod.listener;

import java.util.ArrayList;
import java.util.List;

import dev.echod.connection.ConnectionRegistry;
import dev.echod.service.Services;
import dev.echod.transport.EventLoops;

import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ListenerConfiguration {

	@Bean
	Listeners listeners(ListenersProperties properties, EventLoops eventLoops, ConnectionRegistry registry,
			Services services, SslBundles bundles, AutowireCapableBeanFactory beanFactory) {
		ListenerFactory factory = new ListenerFactory(eventLoops, registry, services, bundles, beanFactory);
		List<Listener> listeners = new ArrayList<>();
		properties.listeners().forEach((name, listener) -> {
			if (listener.enabled()) {
				listeners.add(factory.create(name, listener));
			}
		});
		return new Listeners(List.copyOf(listeners));
	}

	@Bean
	AccessLog accessLog(AccessLogMode mode, EventLoops eventLoops, ConnectionRegistry registry, Listeners listeners) {
		if (mode != AccessLogMode.OFF) {
			eventLoops.askTcp();
		}
		return new AccessLog(mode, registry, listeners);
	}

}
