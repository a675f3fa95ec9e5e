package dev.echod.admin;

import java.util.function.Function;
import java.util.stream.Collectors;

import dev.echod.client.Probe;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.listener.Listener;
import dev.echod.listener.Listeners;

import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.actuate.audit.InMemoryAuditEventRepository;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AdminConfiguration {

	@Bean
	AuditEventRepository auditEventRepository() {
		return new InMemoryAuditEventRepository();
	}

	@Bean
	ChangeAudit changeAudit(AuditEventRepository repository) {
		return new ChangeAudit(repository);
	}

	@Bean
	ListenersEndpoint listenersEndpoint(Listeners listeners, ChangeAudit audit) {
		return new ListenersEndpoint(listeners, audit);
	}

	@Bean
	ConnectionsEndpoint connectionsEndpoint(ConnectionRegistry registry, ChangeAudit audit) {
		return new ConnectionsEndpoint(registry, audit);
	}

	@Bean
	ClosedConnectionsEndpoint closedConnectionsEndpoint(ConnectionRegistry registry) {
		return new ClosedConnectionsEndpoint(registry);
	}

	@Bean
	ProbeEndpoint probeEndpoint(Probe probe, ChangeAudit audit) {
		return new ProbeEndpoint(probe, audit);
	}

	@Bean
	CompositeHealthContributor listenersHealthContributor(Listeners listeners, Probe probe) {
		return CompositeHealthContributor.fromMap(
				listeners.all().stream().collect(Collectors.toMap(Listener::name, Function.identity())),
				(listener) -> new ListenerHealthIndicator(listener, probe));
	}

}
