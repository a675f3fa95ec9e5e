package dev.echod.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

import dev.echod.classic.ArrivalStep;
import dev.echod.classic.ClassicSettings;
import dev.echod.classic.ProcessAcceptor;
import dev.echod.classic.ProxyStep;
import dev.echod.classic.SelectorServerConnectionFactory;
import dev.echod.classic.ThreadServerConnectionFactory;
import dev.echod.classic.TlsStep;
import dev.echod.connection.Acceptor;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.framing.FrameReader;
import dev.echod.gateway.ConnectionMessageMapper;
import dev.echod.gateway.NonBlockingTcpInboundGateway;
import dev.echod.proxy.ProxyProtocol;
import dev.echod.service.Service;
import dev.echod.service.Services;
import dev.echod.transport.EventLoops;
import dev.echod.transport.NettyServerConnectionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.Lifecycle;
import org.springframework.integration.channel.FixedSubscriberChannel;
import org.springframework.integration.ip.tcp.connection.AbstractServerConnectionFactory;

/**
 * Makes a listener of its properties: a connection factory, a gateway on it, a service
 * behind the gateway.
 */
class ListenerFactory {

	private final EventLoops eventLoops;

	private final ConnectionRegistry registry;

	private final Services services;

	private final SslBundles bundles;

	private final AutowireCapableBeanFactory beanFactory;

	ListenerFactory(EventLoops eventLoops, ConnectionRegistry registry, Services services, SslBundles bundles,
			AutowireCapableBeanFactory beanFactory) {
		this.eventLoops = eventLoops;
		this.registry = registry;
		this.services = services;
		this.bundles = bundles;
		this.beanFactory = beanFactory;
	}

	Listener create(String name, ListenerProperties properties) {
		ListenerSettings settings = ListenerSettings.of(name, properties, this.services, this.bundles,
				this.eventLoops.transport());
		ListenerLimits limits = new ListenerLimits(settings, this.registry, memoryForEach(properties.concurrency()));
		if (properties.concurrency() == Concurrency.PROCESS) {
			ProcessAcceptor acceptor = new ProcessAcceptor(classic(settings, limits), properties.command(),
					properties.processes());
			return listener(settings, limits, acceptor.acceptor(), acceptor, null);
		}
		Service service = service(settings);
		return switch (properties.concurrency()) {
			case EVENT_LOOP -> onEventLoops(settings, limits, service);
			case THREAD -> {
				ThreadServerConnectionFactory factory = ThreadServerConnectionFactory
					.threadPerConnection(classic(settings, limits), threads(settings));
				yield on(settings, limits, service, factory, factory.acceptor());
			}
			case SERIAL -> {
				ThreadServerConnectionFactory factory = ThreadServerConnectionFactory.serial(classic(settings, limits));
				yield on(settings, limits, service, factory, factory.acceptor());
			}
			case SELECTOR -> {
				SelectorServerConnectionFactory factory = new SelectorServerConnectionFactory(
						classic(settings, limits));
				yield on(settings, limits, service, factory, factory);
			}
			case PROCESS -> throw new IllegalStateException("A process has no service");
		};
	}

	private Service service(ListenerSettings settings) {
		ListenerProperties properties = settings.properties();
		String beanName = settings.name() + ".service";
		return switch (properties.service()) {
			case Services.ECHO -> this.services.echo(beanName);
			case Services.DISCARD -> this.services.discard();
			case Services.BROADCAST -> this.services.broadcast(properties.framing(), properties.includeSender());
			case Services.HTTP -> this.services.http(beanName);
			case Services.RELAY ->
				this.services.relay(beanName, properties.relay(), settings.frames(), settings.upstreamTls());
			default -> this.services.bean(properties.service(), beanName);
		};
	}

	private Listener onEventLoops(ListenerSettings settings, ListenerLimits limits, Service service) {
		ListenerProperties properties = settings.properties();
		NettyServerConnectionFactory factory = new NettyServerConnectionFactory(properties.port(), this.eventLoops,
				this.registry);
		factory.setLocalAddress(properties.address().getHostAddress());
		factory.setBacklog(properties.backlog());
		factory.setSoTcpNoDelay(properties.tcpNoDelay());
		factory.setBuffers(settings.buffers());
		factory.setFrames(settings.frames());
		factory.setTcpOptions(settings.tcp());
		factory.setRates(limits::rates);
		factory.setAdmission(limits.admission());
		factory.setProxyProtocol(properties.proxyProtocol());
		if (settings.tls() != null) {
			factory.setTls(settings.tls());
		}
		if (service.members() != null) {
			factory.registerSender(service.members());
		}
		return on(settings, limits, service, factory, factory);
	}

	private Listener on(ListenerSettings settings, ListenerLimits limits, Service service,
			AbstractServerConnectionFactory factory, Acceptor acceptor) {
		ConnectionMessageMapper mapper = new ConnectionMessageMapper();
		mapper.setCopying(service.payload() == Service.Payload.BYTES);
		factory.setMapper(mapper);
		initialize(factory, settings.name());
		NonBlockingTcpInboundGateway gateway = new NonBlockingTcpInboundGateway();
		gateway.setMayBlock(service.mayBlock());
		gateway.setConnectionFactory(factory);
		gateway.setRequestChannel(new FixedSubscriberChannel(service.handler()));
		initialize(gateway, settings.name() + ".gateway");
		return listener(settings, limits, acceptor, gateway, service.upstream());
	}

	private Listener listener(ListenerSettings settings, ListenerLimits limits, Acceptor acceptor, Lifecycle endpoint,
			Service.@Nullable Upstream upstream) {
		return new Listener(settings, this.eventLoops.transport(), this.registry, acceptor, endpoint, upstream, limits);
	}

	private LongSupplier memoryForEach(Concurrency concurrency) {
		return switch (concurrency) {
			case EVENT_LOOP -> this.eventLoops::mostMemoryForEach;
			case THREAD, SERIAL, SELECTOR -> FrameReader::mostMemoryForEach;
			case PROCESS -> () -> Long.MAX_VALUE;
		};
	}

	private ClassicSettings classic(ListenerSettings settings, ListenerLimits limits) {
		ListenerProperties properties = settings.properties();
		return new ClassicSettings(settings.name(), properties.address().getHostAddress(), properties.port(),
				properties.backlog(), properties.tcpNoDelay(), settings.tcp(), properties.framing(),
				settings.frames().maxFrame(), () -> limits.current().writeStall(), limits::rates, limits.admission(),
				steps(settings, limits), this.registry);
	}

	private static List<ArrivalStep> steps(ListenerSettings settings, ListenerLimits limits) {
		List<ArrivalStep> steps = new ArrayList<>();
		ProxyProtocol protocol = settings.properties().proxyProtocol();
		if (protocol.isOn()) {
			steps.add(new ProxyStep(protocol, () -> limits.current().handshake()));
		}
		if (settings.tls() != null) {
			steps.add(new TlsStep(settings.tls()));
		}
		return List.copyOf(steps);
	}

	private static Executor threads(ListenerSettings settings) {
		Thread.Builder builder = switch (settings.properties().threads()) {
			case VIRTUAL -> Thread.ofVirtual();
			case PLATFORM -> Thread.ofPlatform();
		};
		return Executors.newThreadPerTaskExecutor(builder.name(settings.name() + "-", 0).factory());
	}

	@SuppressWarnings("unchecked")
	private <T> T initialize(T component, String beanName) {
		return (T) this.beanFactory.initializeBean(component, beanName);
	}

}
