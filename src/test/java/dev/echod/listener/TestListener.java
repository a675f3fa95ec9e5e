package dev.echod.listener;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.OpenConnection;
import dev.echod.service.Services;
import dev.echod.testing.Breadth;
import dev.echod.testing.Needs;
import dev.echod.tls.Handshakes;
import dev.echod.tls.ReloadedBundles;
import dev.echod.transport.EventLoops;
import dev.echod.transport.Transport;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.integration.context.IntegrationContextUtils;
import org.springframework.integration.core.GenericHandler;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;

import static org.awaitility.Awaitility.await;

/**
 * A listener, made of its properties as in the application, on any free port.
 */
public final class TestListener implements AutoCloseable {

	/**
	 * What event loops use where a test leaves it open; the build's profile {@code full}
	 * has more than one.
	 */
	private static final Transport LEFT_OPEN = Objects.requireNonNull(ApplicationConversionService.getSharedInstance()
		.convert(System.getProperty("echod.test.transport", "auto"), Transport.class));

	private final GenericApplicationContext context = new GenericApplicationContext();

	private final EventLoops eventLoops;

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final Listener listener;

	private TestListener(Transport transport, Map<String, ? extends GenericHandler<byte[]>> handlers,
			SslBundles bundles, String... properties) {
		Needs.transport(transport);
		this.eventLoops = EventLoops.start(transport, 2);
		this.context.registerBean(IntegrationContextUtils.TASK_SCHEDULER_BEAN_NAME, SimpleAsyncTaskScheduler.class);
		this.context.registerBean(IntegrationContextUtils.INTEGRATION_EVALUATION_CONTEXT_BEAN_NAME,
				StandardEvaluationContext.class, () -> new StandardEvaluationContext());
		this.context.refresh();
		handlers.forEach((name, handler) -> this.context.getBeanFactory().registerSingleton(name, handler));
		Services services = new Services(this.eventLoops, this.context.getAutowireCapableBeanFactory());
		ListenerFactory factory = new ListenerFactory(this.eventLoops, this.registry, services, bundles,
				this.context.getAutowireCapableBeanFactory());
		try {
			this.listener = factory.create("test", bind(properties));
			this.listener.start();
		}
		catch (RuntimeException ex) {
			this.eventLoops.close();
			this.context.close();
			throw ex;
		}
	}

	/**
	 * Starts a listener.
	 * @param properties such as {@code framing=lf}
	 */
	public static TestListener start(String... properties) {
		return start(new ReloadedBundles(), properties);
	}

	/**
	 * Starts a listener that may use these SSL bundles.
	 */
	public static TestListener start(SslBundles bundles, String... properties) {
		return new TestListener(LEFT_OPEN, Map.of(), bundles, properties);
	}

	/**
	 * Starts a listener whose event loops use this transport.
	 */
	static TestListener on(Transport transport, String... properties) {
		return new TestListener(transport, Map.of(), new ReloadedBundles(), properties);
	}

	/**
	 * Starts a listener whose service may be one of the handlers, by its name.
	 */
	static TestListener start(Map<String, ? extends GenericHandler<byte[]>> handlers, String... properties) {
		return new TestListener(LEFT_OPEN, handlers, new ReloadedBundles(), properties);
	}

	/**
	 * Starts a listener that is served in this way: by event loops of a transport, which
	 * is named, or of another concurrency.
	 */
	static TestListener servedBy(String way, String... properties) {
		return servedBy(way, new ReloadedBundles(), properties);
	}

	/**
	 * Starts a listener that is served in this way, with these SSL bundles.
	 */
	static TestListener servedBy(String way, SslBundles bundles, String... properties) {
		Optional<Transport> transport = Transport.available()
			.stream()
			.filter((each) -> each.toString().equals(way))
			.findAny();
		String[] all = Arrays.copyOf(properties, properties.length + 1);
		all[properties.length] = "concurrency=" + (transport.isPresent() ? Concurrency.EVENT_LOOP : way);
		return new TestListener(transport.orElse(Transport.NIO), Map.of(), bundles, all);
	}

	/**
	 * The ways to serve that there are here, event loops on each transport of
	 * {@link Breadth#transports()}.
	 */
	static List<String> waysToServe() {
		return Stream
			.concat(Breadth.transports().stream().map(Transport::toString),
					Stream.of("thread", "serial", "process", "selector"))
			.toList();
	}

	/**
	 * The properties of a listener where these are set.
	 */
	static ListenerProperties bind(String... properties) {
		Map<String, String> map = Arrays.stream(properties)
			.collect(Collectors.toMap((property) -> "test." + property.substring(0, property.indexOf('=')),
					(property) -> property.substring(property.indexOf('=') + 1)));
		map.putIfAbsent("test.port", "0");
		return new Binder(List.of(new MapConfigurationPropertySource(map)), null,
				ApplicationConversionService.getSharedInstance())
			.bindOrCreate("test", Bindable.of(ListenerProperties.class));
	}

	public int port() {
		return this.listener.address().getPort();
	}

	Listener listener() {
		return this.listener;
	}

	/**
	 * How its handshakes went.
	 */
	Handshakes handshakes() {
		return Objects.requireNonNull(this.listener.tls()).handshakes();
	}

	EventLoops eventLoops() {
		return this.eventLoops;
	}

	public ConnectionRegistry registry() {
		return this.registry;
	}

	/**
	 * The one connection that is open.
	 */
	OpenConnection connection() {
		await().until(() -> this.registry.connections().size() == 1);
		return this.registry.connections().iterator().next();
	}

	/**
	 * The connection that closed last, once all are closed.
	 */
	ClosedConnection closed() {
		await().until(() -> this.registry.connections().isEmpty() && !this.registry.closedConnections().isEmpty());
		return this.registry.closedConnections().getFirst();
	}

	@Override
	public void close() {
		this.listener.stop();
		this.eventLoops.close();
		this.context.close();
	}

}
