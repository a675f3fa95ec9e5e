package dev.echod.admin;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.echod.client.Probe;
import dev.echod.connection.BulkClose;
import dev.echod.connection.ClosedConnections;
import dev.echod.connection.OpenConnections;
import dev.echod.drain.Drain;
import dev.echod.listener.Listener;
import dev.echod.listener.Listeners;
import dev.echod.tls.ReloadedBundles;
import dev.echod.transport.EventLoops;
import reactor.netty.resources.LoopResources;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

@Configuration(proxyBeanMethods = false)
class AdminConfiguration {

	private static final int THREADS = 2;

	@Bean
	AuditTrail auditTrail() {
		return new AuditTrail();
	}

	@Bean
	ChangeAudit changeAudit(AuditTrail trail) {
		return new ChangeAudit(trail);
	}

	@Bean
	OperationGuard operationGuard() {
		return new OperationGuard();
	}

	@Bean
	InfoForStrangers infoForStrangers() {
		return new InfoForStrangers();
	}

	@Bean
	HealthForStrangers healthForStrangers() {
		return new HealthForStrangers();
	}

	@Bean
	Answers answers(JsonMapper mapper) {
		return new Answers(mapper);
	}

	@Bean
	Faults faults(Answers answers) {
		return new Faults(answers);
	}

	@Bean
	BuiltInChangesAudit builtInChangesAudit(ChangeAudit audit) {
		return new BuiltInChangesAudit(audit);
	}

	@Bean
	ListenersEndpoint listenersEndpoint(Listeners listeners, Drain drain, ChangeAudit audit, JsonMapper mapper) {
		return new ListenersEndpoint(listeners, drain, audit, mapper);
	}

	/**
	 * Of two fields of one name, the last would win silently.
	 */
	@Bean
	JsonMapperBuilderCustomizer bodies() {
		return (builder) -> builder.addHandler(new ObjectsAsTexts())
			.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
	}

	@Bean
	ConnectionsEndpoint connectionsEndpoint(Listeners listeners, OpenConnections connections, BulkClose bulkClose,
			ChangeAudit audit) {
		return new ConnectionsEndpoint(listeners, connections, bulkClose, audit);
	}

	@Bean
	BulkCloseEndpoint bulkCloseEndpoint(BulkClose bulkClose, ChangeAudit audit) {
		return new BulkCloseEndpoint(bulkClose, audit);
	}

	@Bean
	ClosedConnectionsEndpoint closedConnectionsEndpoint(Listeners listeners, ClosedConnections connections) {
		return new ClosedConnectionsEndpoint(listeners, connections);
	}

	@Bean
	DrainEndpoint drainEndpoint(Drain drain, ChangeAudit audit) {
		return new DrainEndpoint(drain, audit);
	}

	@Bean
	LastProbes lastProbes(Listeners listeners) {
		return new LastProbes(listeners.all());
	}

	@Bean
	ProbeEndpoint probeEndpoint(Probe probe, ChangeAudit audit, SslBundles bundles, LastProbes lastProbes) {
		return new ProbeEndpoint(probe, audit, bundles, lastProbes);
	}

	@Bean
	CertificatesEndpoint certificatesEndpoint(ReloadedBundles bundles, Listeners listeners, AdminTls adminTls) {
		return new CertificatesEndpoint(bundles, listeners, adminTls, Clock.systemUTC());
	}

	@Bean
	TransportInfoContributor transportInfoContributor(EventLoops eventLoops) {
		return new TransportInfoContributor(eventLoops);
	}

	@Bean
	AdminAnnouncement adminAnnouncement(AdminBinding binding, AdminTls tls, WebEndpointProperties endpoints,
			AdminProperties properties, OperatorPassword password) {
		return new AdminAnnouncement(binding, tls, endpoints, properties, password);
	}

	/**
	 * The admin API's threads, few of them, as an event loop of io_uring has eight
	 * thousand buffers before it has served anybody. Not with the JDK's selectors: on
	 * them Reactor Netty at times reads nothing more from a connection that is kept. They
	 * end with it: nothing comes after the drain that they would have to wait for.
	 */
	@Bean
	ReactorResourceFactory reactorResourceFactory() {
		ReactorResourceFactory resources = new ReactorResourceFactory();
		resources.setUseGlobalResources(false);
		resources.setLoopResourcesSupplier(() -> LoopResources.create("admin", THREADS, true));
		resources.setShutdownQuietPeriod(Duration.ZERO);
		return resources;
	}

	@Bean
	UpstreamWatch upstreamWatch(Listeners listeners) {
		return new UpstreamWatch(listeners, System::nanoTime);
	}

	@Bean
	CompositeHealthContributor listenersHealthContributor(Listeners listeners, UpstreamWatch upstreams,
			ReloadedBundles bundles) {
		return CompositeHealthContributor.fromMap(
				listeners.all().stream().collect(Collectors.toMap(Listener::name, Function.identity())),
				(listener) -> new ListenerHealthIndicator(listener, upstreams, bundles));
	}

	@Bean
	AdminHealthIndicator adminHealthIndicator(AdminTls tls, ReloadedBundles bundles) {
		return new AdminHealthIndicator(tls, bundles);
	}

	@Bean
	EventLoopsHealthIndicator eventLoopsHealthIndicator(EventLoops eventLoops) {
		return new EventLoopsHealthIndicator(eventLoops::silence);
	}

}
