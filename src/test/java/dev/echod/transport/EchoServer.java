package dev.echod.transport;

import java.util.List;
import java.util.stream.Stream;

import dev.echod.connection.ConnectionRegistry;
import dev.echod.framing.ByteArrayStreamSerializer;
import dev.echod.gateway.NonBlockingTcpInboundGateway;
import dev.echod.service.EchoService;
import dev.echod.testing.Breadth;
import org.jspecify.annotations.Nullable;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.integration.channel.FixedSubscriberChannel;
import org.springframework.integration.context.IntegrationContextUtils;
import org.springframework.integration.ip.tcp.connection.AbstractServerConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpNetServerConnectionFactory;
import org.springframework.integration.ip.tcp.inbound.TcpInboundGateway;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;

import static org.awaitility.Awaitility.await;

/**
 * An echo server of one of the ways that must conform, on any free port.
 */
public final class EchoServer implements AutoCloseable {

	private final GenericApplicationContext context = context();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final @Nullable EventLoops eventLoops;

	private final AbstractServerConnectionFactory connectionFactory;

	private final TcpInboundGateway gateway;

	private EchoServer(Kind kind) {
		this.eventLoops = (kind.transport() != null) ? EventLoops.start(kind.transport(), 2) : null;
		if (this.eventLoops != null) {
			this.connectionFactory = new NettyServerConnectionFactory(0, this.eventLoops, this.registry);
		}
		else {
			this.connectionFactory = new TcpNetServerConnectionFactory(0);
			this.connectionFactory.setDeserializer(new ByteArrayStreamSerializer());
			this.connectionFactory.setSerializer(new ByteArrayStreamSerializer());
			this.connectionFactory.setBacklog(4096);
			this.connectionFactory.setSoTcpNoDelay(true);
		}
		initialize(this.connectionFactory, "echo");
		this.gateway = kind.stockGateway() ? new TcpInboundGateway() : new NonBlockingTcpInboundGateway();
		this.gateway.setConnectionFactory(this.connectionFactory);
		this.gateway.setRequestChannel(new FixedSubscriberChannel(initialize(new EchoService(), "service")));
		initialize(this.gateway, "gateway");
		this.gateway.start();
	}

	public static EchoServer start(Kind kind) {
		EchoServer server = new EchoServer(kind);
		server.awaitListening();
		return server;
	}

	/**
	 * The engine on each transport of {@link Breadth#transports()}, the engine under a
	 * stock gateway, and Spring's own blocking factory.
	 */
	static List<Kind> kinds() {
		return Stream
			.of(engines().stream(), Stream.of(new Kind("stock gateway on nio", Transport.NIO, true)),
					Stream.of(new Kind("TcpNetServerConnectionFactory", null, true)))
			.flatMap((kinds) -> kinds)
			.toList();
	}

	public static List<Kind> engines() {
		return Breadth.transports()
			.stream()
			.map((transport) -> new Kind(transport.toString(), transport, false))
			.toList();
	}

	static GenericApplicationContext context() {
		GenericApplicationContext context = new GenericApplicationContext();
		context.registerBean(IntegrationContextUtils.TASK_SCHEDULER_BEAN_NAME, SimpleAsyncTaskScheduler.class);
		context.refresh();
		return context;
	}

	private <T> T initialize(T component, String name) {
		return initialize(this.context, component, name);
	}

	@SuppressWarnings("unchecked")
	static <T> T initialize(GenericApplicationContext context, T component, String name) {
		return (T) context.getAutowireCapableBeanFactory().initializeBean(component, name);
	}

	private void awaitListening() {
		await().until(this.connectionFactory::isListening);
	}

	public int port() {
		return this.connectionFactory.getPort();
	}

	public ConnectionRegistry registry() {
		return this.registry;
	}

	public AbstractServerConnectionFactory connectionFactory() {
		return this.connectionFactory;
	}

	TcpInboundGateway gateway() {
		return this.gateway;
	}

	@Override
	public void close() {
		this.gateway.stop();
		if (this.eventLoops != null) {
			this.eventLoops.close();
		}
		this.context.close();
	}

	/**
	 * A way to serve echo.
	 *
	 * @param transport null for Spring's blocking factory
	 * @param stockGateway whether the gateway is Spring's own
	 */
	public record Kind(String name, @Nullable Transport transport, boolean stockGateway) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
