package dev.echod.transport;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.channel.QueueChannel;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.ip.tcp.connection.AbstractClientConnectionFactory;
import org.springframework.integration.ip.tcp.connection.AbstractConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorFactoryChain;
import org.springframework.integration.ip.tcp.connection.TcpListener;
import org.springframework.integration.ip.tcp.connection.TcpSender;
import org.springframework.integration.ip.tcp.outbound.TcpOutboundGateway;
import org.springframework.integration.ip.tcp.serializer.AbstractByteArraySerializer;
import org.springframework.integration.ip.tcp.serializer.ByteArrayLfSerializer;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.ErrorMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connection factories in an application context, on one event loop, and all that the
 * context was told.
 */
final class SpringFactories implements BeforeEachCallback, AfterEachCallback {

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Supplier<Transport> transport;

	@SuppressWarnings("NullAway.Init")
	private EventLoops eventLoops;

	private final List<Object> events = new CopyOnWriteArrayList<>();

	private final List<Runnable> stops = new ArrayList<>();

	/**
	 * Create those of one test.
	 * @param transport asked for when the test starts
	 */
	SpringFactories(Supplier<Transport> transport) {
		this.transport = transport;
	}

	@Override
	public void beforeEach(ExtensionContext test) {
		this.eventLoops = EventLoops.start(this.transport.get(), 1);
		this.context.register(Infrastructure.class);
		this.context.refresh();
		this.context.addApplicationListener(this.events::add);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableIntegration
	static class Infrastructure {

	}

	EventLoops eventLoops() {
		return this.eventLoops;
	}

	AnnotationConfigApplicationContext context() {
		return this.context;
	}

	/**
	 * A server factory, whose messages are lines, on any free port.
	 */
	NettyServerConnectionFactory server() {
		return lines(new NettyServerConnectionFactory(0, this.eventLoops), "server");
	}

	/**
	 * A client factory, whose messages are lines.
	 */
	NettyClientConnectionFactory client(int port) {
		return lines(new NettyClientConnectionFactory("127.0.0.1", port, this.eventLoops), "client");
	}

	private <T extends AbstractConnectionFactory> T lines(T factory, String name) {
		initialize(factory, name);
		serializer(factory, new ByteArrayLfSerializer());
		stopAtEnd(factory::stop);
		return factory;
	}

	void serializer(AbstractConnectionFactory factory, AbstractByteArraySerializer serializer) {
		serializer.setMaxMessageSize(64 * 1024);
		serializer.setApplicationEventPublisher(this.context);
		factory.setSerializer(serializer);
		factory.setDeserializer(serializer);
	}

	<T> T initialize(T component, String name) {
		return EchoServer.initialize(this.context, component, name);
	}

	void stopAtEnd(Runnable stop) {
		this.stops.add(stop);
	}

	/**
	 * The events of exactly this class.
	 */
	<T> List<T> events(Class<T> type) {
		return this.events.stream().filter((event) -> event.getClass() == type).map(type::cast).toList();
	}

	List<Object> events() {
		return this.events;
	}

	/**
	 * An outbound gateway that has started, and waits long enough for a reply.
	 */
	TcpOutboundGateway gateway(AbstractClientConnectionFactory client) {
		TcpOutboundGateway gateway = new TcpOutboundGateway();
		gateway.setConnectionFactory(client);
		gateway.setReplyChannel(new QueueChannel());
		gateway.setRemoteTimeout(20_000);
		gateway.setSecondChanceDelay(0);
		initialize(gateway, "outbound");
		gateway.start();
		return gateway;
	}

	static TcpConnectionInterceptorFactoryChain interceptors(TcpConnectionInterceptorFactory... factories) {
		TcpConnectionInterceptorFactoryChain chain = new TcpConnectionInterceptorFactoryChain();
		chain.setInterceptor(factories);
		return chain;
	}

	/**
	 * A throwable and its causes, outermost first.
	 */
	static List<Throwable> causes(@Nullable Throwable throwable) {
		List<Throwable> causes = new ArrayList<>();
		for (Throwable cause = throwable; cause != null; cause = cause.getCause()) {
			causes.add(cause);
		}
		return causes;
	}

	static ServerSocket peer() throws Exception {
		return new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
	}

	static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	static String text(Message<?> message) {
		return new String((byte[]) message.getPayload(), StandardCharsets.US_ASCII);
	}

	/**
	 * Stops all in the other order; an engine that hangs there is given up.
	 */
	@Override
	public void afterEach(ExtensionContext test) {
		CompletableFuture<Void> closed = new CompletableFuture<>();
		Thread.ofPlatform().daemon().start(() -> {
			try {
				this.stops.reversed().forEach(Runnable::run);
				this.eventLoops.close();
				this.context.close();
				closed.complete(null);
			}
			catch (RuntimeException ex) {
				closed.completeExceptionally(ex);
			}
		});
		assertThat(closed).as("everything stops").succeedsWithin(CLOSE_TIMEOUT);
	}

	/**
	 * Keeps what a listener was given.
	 */
	static class Received implements TcpListener {

		private final List<Message<?>> messages = new CopyOnWriteArrayList<>();

		@Override
		public void onMessage(Message<?> message) {
			this.messages.add(message);
		}

		List<String> texts() {
			return this.messages.stream()
				.filter((message) -> !(message instanceof ErrorMessage))
				.map(SpringFactories::text)
				.toList();
		}

		List<Throwable> errors() {
			return this.messages.stream()
				.filter(ErrorMessage.class::isInstance)
				.map((message) -> (Throwable) message.getPayload())
				.toList();
		}

	}

	/**
	 * Keeps the connections that a sender was told of.
	 */
	static class Told implements TcpSender {

		private final List<TcpConnection> added = new CopyOnWriteArrayList<>();

		private final List<TcpConnection> removed = new CopyOnWriteArrayList<>();

		@Override
		public void addNewConnection(TcpConnection connection) {
			this.added.add(connection);
		}

		@Override
		public void removeDeadConnection(TcpConnection connection) {
			this.removed.add(connection);
		}

		List<TcpConnection> added() {
			return this.added;
		}

		List<TcpConnection> removed() {
			return this.removed;
		}

	}

}
