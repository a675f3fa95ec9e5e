package dev.echod.admin;

import java.util.function.Function;
import java.util.stream.Collectors;

import dev.echod.client.Probe;
import dev.echod.listener.Listener;
import dev.echod.listener.Listeners;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AdminConfiguration {

	@Bean
	CompositeHealthContributor listenersHealthContributor(Listeners listeners, Probe probe) {
		return CompositeHealthContributor.fromMap(
				listeners.all().stream().collect(Collectors.toMap(Listener::name, Function.identity())),
				(listener) -> new ListenerHealthIndicator(listener, probe));
	}

}
