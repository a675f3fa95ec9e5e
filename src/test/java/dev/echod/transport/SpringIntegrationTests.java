package dev.echod.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.echod.gateway.NonBlockingTcpInboundGateway;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.channel.QueueChannel;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.integration.ip.tcp.connection.AbstractConnectionFactory;
import org.springframework.integration.ip.tcp.connection.AbstractServerConnectionFactory;
import org.springframework.integration.ip.tcp.connection.DefaultTcpSocketSupport;
import org.springframework.integration.ip.tcp.connection.TcpConnectionCloseEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorFactoryChain;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorSupport;
import org.springframework.integration.ip.tcp.connection.TcpConnectionOpenEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionServerExceptionEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionServerListeningEvent;
import org.springframework.integration.ip.tcp.inbound.TcpInboundGateway;
import org.springframework.integration.ip.tcp.inbound.TcpReceivingChannelAdapter;
import org.springframework.integration.ip.tcp.outbound.TcpOutboundGateway;
import org.springframework.integration.ip.tcp.outbound.TcpSendingMessageHandler;
import org.springframework.integration.ip.tcp.serializer.AbstractByteArraySerializer;
import org.springframework.integration.ip.tcp.serializer.ByteArrayCrLfSerializer;
import org.springframework.integration.ip.tcp.serializer.ByteArrayLengthHeaderSerializer;
import org.springframework.integration.ip.tcp.serializer.ByteArrayLfSerializer;
import org.springframework.integration.ip.tcp.serializer.ByteArrayRawSerializer;
import org.springframework.integration.ip.tcp.serializer.ByteArrayStxEtxSerializer;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The connection factories under Spring Integration's own endpoints.
 */
class SpringIntegrationTests {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final EventLoops eventLoops = EventLoops.start(Transport.NIO, 1);

	private final List<Runnable> stops = new ArrayList<>();

	private final List<Object> events = new CopyOnWriteArrayList<>();

	@Configuration(proxyBeanMethods = false)
	@EnableIntegration
	static class Infrastructure {

	}

	@BeforeEach
	void start() {
		this.context.register(Infrastructure.class);
		this.context.refresh();
		this.context.addApplicationListener(this.events::add);
	}

	@AfterEach
	void stop() {
		this.stops.reversed().forEach(Runnable::run);
		this.eventLoops.close();
		this.context.close();
	}

	private NettyServerConnectionFactory serverFactory() {
		return initialize(new NettyServerConnectionFactory(0, this.eventLoops), "server");
	}

	private NettyClientConnectionFactory clientFactory(int port) {
		return initialize(new NettyClientConnectionFactory("localhost", port, this.eventLoops), "client");
	}

	private <T> T initialize(T component, String name) {
		return EchoServer.initialize(this.context, component, name);
	}

	private void serializer(AbstractConnectionFactory factory, AbstractByteArraySerializer serializer) {
		factory.setSerializer(serializer);
		factory.setDeserializer(serializer);
	}

	/**
	 * A stock gateway that answers in capitals.
	 */
	private void capitals(AbstractServerConnectionFactory factory) {
		TcpInboundGateway gateway = new TcpInboundGateway();
		gateway.setConnectionFactory(factory);
		DirectChannel requests = initialize(new DirectChannel(), "requests");
		requests.subscribe((request) -> reply(request, text(request).toUpperCase(Locale.ROOT)));
		gateway.setRequestChannel(requests);
		start(initialize(gateway, "inbound"));
	}

	private static void reply(Message<?> request, String text) {
		((MessageChannel) Objects.requireNonNull(request.getHeaders().getReplyChannel()))
			.send(new GenericMessage<>(text));
	}

	private static String text(Message<?> message) {
		return new String((byte[]) message.getPayload(), StandardCharsets.US_ASCII);
	}

	private void start(TcpInboundGateway gateway) {
		this.stops.add(gateway::stop);
		gateway.start();
	}

	private TcpOutboundGateway outbound(NettyClientConnectionFactory factory, QueueChannel replies) {
		TcpOutboundGateway gateway = new TcpOutboundGateway();
		gateway.setConnectionFactory(factory);
		gateway.setReplyChannel(replies);
		gateway.setRemoteTimeout(5_000);
		initialize(gateway, "outbound");
		this.stops.add(gateway::stop);
		gateway.start();
		return gateway;
	}

	@Test
	void stockGatewaysOnBothSides() {
		NettyServerConnectionFactory server = serverFactory();
		serializer(server, new ByteArrayCrLfSerializer());
		capitals(server);
		NettyClientConnectionFactory client = clientFactory(server.getPort());
		serializer(client, new ByteArrayCrLfSerializer());
		QueueChannel replies = new QueueChannel();
		TcpOutboundGateway gateway = outbound(client, replies);
		for (String request : List.of("one", "two", "three")) {
			gateway.handleMessage(new GenericMessage<>(request));
			Message<?> reply = received(replies);
			assertThat(text(reply)).isEqualTo(request.toUpperCase(Locale.ROOT));
			assertThat(reply.getHeaders()).containsEntry(IpHeaders.CONNECTION_ID, "client-1");
		}
	}

	private static Message<?> received(QueueChannel channel) {
		return Objects.requireNonNull(channel.receive(10_000));
	}

	@Test
	void singleUseConnectionsAreClosedAfterTheirReply() throws Exception {
		NettyServerConnectionFactory server = serverFactory();
		server.setSingleUse(true);
		serializer(server, new ByteArrayLfSerializer());
		capitals(server);
		try (TestClient client = new TestClient(server.getPort())) {
			client.send("abc\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(client.receiveToEnd()).isEqualTo("ABC\n".getBytes(StandardCharsets.US_ASCII));
		}
	}

	@Test
	void stockAdaptersOnBothSides() {
		NettyServerConnectionFactory server = serverFactory();
		serializer(server, new ByteArrayLengthHeaderSerializer(2));
		QueueChannel atServer = new QueueChannel();
		receivingAdapter(server, atServer);
		TcpSendingMessageHandler fromServer = sendingHandler(server);

		NettyClientConnectionFactory client = clientFactory(server.getPort());
		serializer(client, new ByteArrayLengthHeaderSerializer(2));
		QueueChannel atClient = new QueueChannel();
		receivingAdapter(client, atClient);
		TcpSendingMessageHandler fromClient = sendingHandler(client);

		for (int i = 0; i < 100; i++) {
			fromClient.handleMessage(new GenericMessage<>("request " + i));
		}
		for (int i = 0; i < 100; i++) {
			Message<?> request = received(atServer);
			assertThat(text(request)).isEqualTo("request " + i);
			fromServer
				.handleMessage(MessageBuilder.withPayload("reply " + i).copyHeaders(request.getHeaders()).build());
		}
		for (int i = 0; i < 100; i++) {
			assertThat(text(received(atClient))).isEqualTo("reply " + i);
		}
	}

	private void receivingAdapter(AbstractConnectionFactory factory, QueueChannel output) {
		TcpReceivingChannelAdapter adapter = new TcpReceivingChannelAdapter();
		adapter.setConnectionFactory(factory);
		adapter.setOutputChannel(output);
		initialize(adapter, "receiving-" + factory.getComponentName());
		this.stops.add(adapter::stop);
		adapter.start();
	}

	private TcpSendingMessageHandler sendingHandler(AbstractConnectionFactory factory) {
		TcpSendingMessageHandler handler = new TcpSendingMessageHandler();
		handler.setConnectionFactory(factory);
		initialize(handler, "sending-" + factory.getComponentName());
		this.stops.add(handler::stop);
		handler.start();
		return handler;
	}

	static Stream<AbstractByteArraySerializer> serializers() {
		return Stream.of(new ByteArrayCrLfSerializer(), new ByteArrayLfSerializer(), new ByteArrayStxEtxSerializer(),
				new ByteArrayLengthHeaderSerializer(1), new ByteArrayLengthHeaderSerializer(2),
				new ByteArrayLengthHeaderSerializer(4));
	}

	@ParameterizedTest
	@MethodSource("serializers")
	void stockSerializersTakeMessagesInAnyPieces(AbstractByteArraySerializer serializer) throws Exception {
		NettyServerConnectionFactory server = serverFactory();
		serializer(server, serializer);
		capitals(server);
		ByteArrayOutputStream requests = new ByteArrayOutputStream();
		ByteArrayOutputStream replies = new ByteArrayOutputStream();
		for (int i = 0; i < 50; i++) {
			serializer.serialize(("message " + i).getBytes(StandardCharsets.US_ASCII), requests);
			serializer.serialize(("MESSAGE " + i).getBytes(StandardCharsets.US_ASCII), replies);
		}
		byte[] bytes = requests.toByteArray();
		for (int piece : new int[] { 1, 3, bytes.length }) {
			try (TestClient client = new TestClient(server.getPort())) {
				for (int offset = 0; offset < bytes.length; offset += piece) {
					client.send(Arrays.copyOfRange(bytes, offset, Math.min(bytes.length, offset + piece)));
				}
				TestClient.assertSame(client.sendFin().receiveToEnd(), replies.toByteArray());
			}
		}
	}

	@Test
	void rawSerializerTakesAllUntilTheFin() throws Exception {
		NettyServerConnectionFactory server = serverFactory();
		serializer(server, new ByteArrayRawSerializer());
		capitals(server);
		try (TestClient client = new TestClient(server.getPort())) {
			client.send("first ".getBytes(StandardCharsets.US_ASCII)).send("last".getBytes(StandardCharsets.US_ASCII));
			assertThat(client.sendFin().receiveToEnd()).isEqualTo("FIRST LAST".getBytes(StandardCharsets.US_ASCII));
		}
	}

	@Test
	void bytesThatAreNoMessageCloseTheConnection() throws Exception {
		NettyServerConnectionFactory server = serverFactory();
		serializer(server, new ByteArrayStxEtxSerializer());
		capitals(server);
		try (TestClient client = new TestClient(server.getPort())) {
			assertThat(client.send(new byte[] { 'x' }).receiveToEnd()).isEmpty();
		}
	}

	@Test
	void interceptorsSeeEachMessageBothWays() {
		List<String> seen = new CopyOnWriteArrayList<>();
		NettyServerConnectionFactory server = serverFactory();
		serializer(server, new ByteArrayLfSerializer());
		server.setInterceptorFactoryChain(interceptors(() -> new Recorder("server", seen, this.context)));
		capitals(server);
		NettyClientConnectionFactory client = clientFactory(server.getPort());
		serializer(client, new ByteArrayLfSerializer());
		client.setInterceptorFactoryChain(interceptors(() -> new Recorder("client", seen, this.context)));
		QueueChannel replies = new QueueChannel();
		outbound(client, replies).handleMessage(new GenericMessage<>("x"));
		assertThat(text(received(replies))).isEqualTo("X");
		assertThat(seen).containsExactly("client sends", "server receives", "server sends", "client receives");
	}

	private static TcpConnectionInterceptorFactoryChain interceptors(TcpConnectionInterceptorFactory factory) {
		TcpConnectionInterceptorFactoryChain chain = new TcpConnectionInterceptorFactoryChain();
		chain.setInterceptor(factory);
		return chain;
	}

	private static final class Recorder extends TcpConnectionInterceptorSupport {

		private final String name;

		private final List<String> seen;

		Recorder(String name, List<String> seen, ApplicationEventPublisher publisher) {
			super(publisher);
			this.name = name;
			this.seen = seen;
		}

		@Override
		public void send(Message<?> message) {
			this.seen.add(this.name + " sends");
			super.send(message);
		}

		@Override
		public void onMessage(Message<?> message) {
			if (message.getPayload() instanceof byte[]) {
				this.seen.add(this.name + " receives");
			}
			super.onMessage(message);
		}

	}

	@Test
	void eventsTellOfListeningOpeningAndClosing() throws Exception {
		NettyServerConnectionFactory server = serverFactory();
		capitals(server);
		await().until(() -> this.events.stream().anyMatch(TcpConnectionServerListeningEvent.class::isInstance));
		try (TestClient client = new TestClient(server.getPort())) {
			assertThat(client.send(new byte[] { 'a' }).receive(1)).containsExactly('A');
			assertThat(server.getOpenConnectionIds()).containsExactly("server-1");
		}
		await().until(() -> this.events.stream().anyMatch(TcpConnectionCloseEvent.class::isInstance));
		assertThat(this.events).filteredOn((event) -> event.getClass() == TcpConnectionOpenEvent.class)
			.extracting((event) -> ((TcpConnectionEvent) event).getConnectionId())
			.containsExactly("server-1");
		assertThat(server.getOpenConnectionIds()).isEmpty();
	}

	@Test
	void portInUseIsAnErrorAtStartAndAnEvent() throws Exception {
		try (ServerSocket taken = new ServerSocket(0)) {
			NettyServerConnectionFactory server = serverFactory();
			server.setPort(taken.getLocalPort());
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> capitals(server))
				.withMessageContaining("Address already in use");
			assertThat(server.isRunning()).isFalse();
			assertThat(this.events).hasAtLeastOneElementOfType(TcpConnectionServerExceptionEvent.class);
		}
	}

	@Test
	void soTimeoutClosesAConnectionThatIsSilent() throws Exception {
		NettyServerConnectionFactory server = serverFactory();
		server.setSoTimeout(50);
		capitals(server);
		try (TestClient client = new TestClient(server.getPort())) {
			assertThat(client.receiveToEnd()).isEmpty();
		}
	}

	@Test
	void pendingRequestFailsAtOnceWhenThePeerCloses() throws Exception {
		try (ServerSocket peer = new ServerSocket(0)) {
			TcpOutboundGateway gateway = outbound(clientFactory(peer.getLocalPort()), new QueueChannel());
			gateway.setSecondChanceDelay(0);
			Thread.startVirtualThread(() -> {
				try (var accepted = peer.accept()) {
					accepted.getInputStream().read();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
			assertThatExceptionOfType(MessagingException.class)
				.isThrownBy(() -> gateway.handleMessage(new GenericMessage<>("x")))
				.withRootCauseInstanceOf(IOException.class);
		}
	}

	@Test
	void refusedConnectionIsAnErrorAndLeavesNothing() throws Exception {
		int port;
		try (ServerSocket closed = new ServerSocket(0)) {
			port = closed.getLocalPort();
		}
		NettyClientConnectionFactory client = clientFactory(port);
		client.start();
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(client::getConnection)
			.withRootCauseInstanceOf(ConnectException.class);
		await().until(() -> client.getOpenConnectionIds().isEmpty());
		client.stop();
	}

	@Test
	void newConnectionIsTestedBeforeItIsUsed() throws Exception {
		NettyServerConnectionFactory server = serverFactory();
		serializer(server, new ByteArrayLfSerializer());
		capitals(server);
		NettyClientConnectionFactory client = clientFactory(server.getPort());
		serializer(client, new ByteArrayLfSerializer());
		AtomicInteger tested = new AtomicInteger();
		client.setConnectionTest((connection) -> {
			CompletableFuture<String> answer = new CompletableFuture<>();
			connection.registerTestListener((message) -> answer.complete(text(message)));
			connection.send(new GenericMessage<>("are you there"));
			tested.incrementAndGet();
			return "ARE YOU THERE".equals(answer.orTimeout(10, TimeUnit.SECONDS).join());
		});
		QueueChannel replies = new QueueChannel();
		outbound(client, replies).handleMessage(new GenericMessage<>("x"));
		assertThat(text(received(replies))).isEqualTo("X");
		assertThat(tested).hasValue(1);
	}

	@Test
	void flowThatFailsClosesItsConnection() throws Exception {
		NettyServerConnectionFactory server = serverFactory();
		NonBlockingTcpInboundGateway gateway = new NonBlockingTcpInboundGateway();
		gateway.setConnectionFactory(server);
		DirectChannel requests = initialize(new DirectChannel(), "requests");
		MessageHandler failing = (message) -> {
			throw new IllegalStateException("as the test wants it");
		};
		requests.subscribe(failing);
		gateway.setRequestChannel(requests);
		start(initialize(gateway, "inbound"));
		try (TestClient client = new TestClient(server.getPort())) {
			assertThat(client.send(new byte[] { 1 }).receiveToEnd()).isEmpty();
		}
	}

	@Test
	void settingsThatMeanNothingHereAreRefused() {
		for (AbstractConnectionFactory factory : List.of(serverFactory(), clientFactory(1))) {
			for (Consumer<AbstractConnectionFactory> setting : List.<Consumer<AbstractConnectionFactory>>of(
					(refusing) -> refusing.setLookupHost(true), (refusing) -> refusing.setNioHarvestInterval(1),
					(refusing) -> refusing.setReadDelay(1), (refusing) -> refusing.setSslHandshakeTimeout(1),
					(refusing) -> refusing.setTcpSocketSupport(new DefaultTcpSocketSupport()))) {
				assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> setting.accept(factory))
					.withMessageMatching("'\\w+' of Netty(Server|Client)ConnectionFactory is not supported: .+");
			}
		}
		NettyServerConnectionFactory singleUse = serverFactory();
		singleUse.setSingleUse(true);
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> new NonBlockingTcpInboundGateway().setConnectionFactory(singleUse));
	}

	@Test
	void socketOptionsReachTheSocket() throws Exception {
		NettyServerConnectionFactory server = serverFactory();
		server.setSoKeepAlive(true);
		server.setSoTcpNoDelay(false);
		server.setSoLinger(0);
		server.setSoTrafficClass(0x10);
		server.setSoReceiveBufferSize(16 * 1024);
		server.setSoSendBufferSize(16 * 1024);
		List<TcpConnectionOpenEvent> opened = new CopyOnWriteArrayList<>();
		this.context.addApplicationListener((event) -> {
			if (event instanceof TcpConnectionOpenEvent open) {
				opened.add(open);
			}
		});
		capitals(server);
		try (TestClient client = new TestClient(server.getPort())) {
			await().atMost(Duration.ofSeconds(10)).until(() -> !opened.isEmpty());
			var socket = Objects.requireNonNull(((NettyTcpConnection) opened.getFirst().getSource()).getSocketInfo());
			assertThat(socket.getKeepAlive()).isTrue();
			assertThat(socket.getTcpNoDelay()).isFalse();
			assertThat(socket.getSoLinger()).isZero();
			assertThat(socket.getTrafficClass()).isEqualTo(0x10);
			assertThat(socket.getReceiveBufferSize()).isBetween(16 * 1024, 64 * 1024);
			assertThat(socket.getSendBufferSize()).isBetween(16 * 1024, 64 * 1024);
			assertThat(socket.getPort()).isEqualTo(client.socket().getLocalPort());
			assertThat(socket.getLocalPort()).isEqualTo(server.getPort());
		}
	}

}
