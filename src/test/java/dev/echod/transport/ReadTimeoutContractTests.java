package dev.echod.transport;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.CountDownLatch;

import dev.echod.testing.TestClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.integration.ip.tcp.connection.TcpConnectionCloseEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionExceptionEvent;
import org.springframework.integration.ip.tcp.outbound.TcpOutboundGateway;
import org.springframework.integration.ip.tcp.serializer.ByteArrayRawSerializer;
import org.springframework.integration.ip.tcp.serializer.TcpDeserializationExceptionEvent;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * A connection that read nothing in its time is closed at once, and each who has to do
 * with it is told once.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.Transport#available")
@Tag("long")
class ReadTimeoutContractTests {

	/**
	 * Less than the time an orderly close may take, and many times the read time-out.
	 */
	private static final Duration PROMPTLY = Duration.ofSeconds(8);

	private static final int SO_TIMEOUT = 300;

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Transport transport;

	private final SpringFactories.Received listener = new SpringFactories.Received();

	private final SpringFactories.Told told = new SpringFactories.Told();

	@RegisterExtension
	private final SpringFactories factories = new SpringFactories(() -> this.transport);

	@SuppressWarnings("NullAway.Init")
	private NettyServerConnectionFactory server;

	@BeforeEach
	void create() {
		this.server = this.factories.server();
		this.server.registerListener(this.listener);
		this.server.registerSender(this.told);
		this.server.setSoTimeout(SO_TIMEOUT);
	}

	private void awaitEndThatWasToldOnce() {
		await().atMost(PROMPTLY).untilAsserted(() -> {
			assertThat(this.factories.events(TcpConnectionCloseEvent.class)).isNotEmpty();
			assertThat(this.told.removed()).isEqualTo(this.told.added());
		});
		assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(1);
		assertThat(this.factories.events(TcpConnectionExceptionEvent.class)).singleElement()
			.satisfies((event) -> assertThat(SpringFactories.causes(event.getCause()))
				.hasAtLeastOneElementOfType(SocketTimeoutException.class));
	}

	@Test
	void silentClientIsToldOfOnceAndItsConnectionCloses() throws Exception {
		this.server.start();
		try (TestClient client = new TestClient(this.server.getPort())) {
			assertThat(client.receiveToEnd()).isEmpty();
			awaitEndThatWasToldOnce();
		}
		assertThat(this.listener.errors()).singleElement().isInstanceOf(SocketTimeoutException.class);
		assertThat(this.listener.texts()).isEmpty();
	}

	@Test
	void replyThatIsOwedAfterTheClientsFinIsSentHoweverLongItTakes() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		CompletableFuture<Void> answering = new CompletableFuture<>();
		NettyServerConnectionFactory slow = this.factories.server();
		slow.setSoTimeout(SO_TIMEOUT);
		slow.registerSender(this.told);
		slow.registerListener((message) -> {
			if (message.getPayload() instanceof byte[]) {
				asked.countDown();
				answering.join();
				this.told.added().getFirst().send(new GenericMessage<>("reply"));
			}
		});
		slow.start();
		try (TestClient client = new TestClient(slow.getPort())) {
			client.send(SpringFactories.ascii("request\n")).sendFin();
			assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
			await().during(Duration.ofMillis(4 * SO_TIMEOUT)).until(() -> this.told.added().getFirst().isOpen());
			answering.complete(null);
			assertThat(client.receiveToEnd()).isEqualTo(SpringFactories.ascii("reply\n"));
		}
	}

	@Test
	void serverClosesPromptlyThoughItsClientDoesNotReadWhatIsOwed() throws Exception {
		this.server.start();
		try (TestClient client = new TestClient(this.server.getPort())) {
			await().until(() -> this.told.added().size() == 1);
			TcpConnection connection = this.told.added().getFirst();
			CompletableFuture<@Nullable Throwable> sending = sendUntilItFails(connection);
			assertThat(sending).succeedsWithin(PROMPTLY);
			assertThat(sending.join()).isInstanceOf(MessagingException.class)
				.hasCauseInstanceOf(SocketTimeoutException.class);
			await().atMost(PROMPTLY).until(() -> !connection.isOpen());
			await().atMost(PROMPTLY)
				.untilAsserted(() -> assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(1));
			await().untilAsserted(() -> assertThat(this.told.removed()).isEqualTo(this.told.added()));
			assertThat(readTimeouts()).isEqualTo(1);
			assertThat(client.socket().isConnected()).isTrue();
		}
		assertThat(this.listener.errors()).singleElement().isInstanceOf(SocketTimeoutException.class);
	}

	/**
	 * The events of read time-outs; a send that fails for it has an event of its own.
	 */
	private long readTimeouts() {
		return this.factories.events(TcpConnectionExceptionEvent.class)
			.stream()
			.filter((event) -> !(event.getCause() instanceof MessagingException))
			.filter((event) -> SpringFactories.causes(event.getCause())
				.stream()
				.anyMatch(SocketTimeoutException.class::isInstance))
			.count();
	}

	/**
	 * Sends more than the peer takes, until a send that waits fails.
	 */
	private static CompletableFuture<@Nullable Throwable> sendUntilItFails(TcpConnection connection) {
		CompletableFuture<@Nullable Throwable> failure = new CompletableFuture<>();
		Thread.ofPlatform().daemon().start(() -> {
			byte[] message = new byte[60_000];
			Arrays.fill(message, (byte) 'x');
			failure.complete(catchThrowable(() -> {
				for (int i = 0; i < 10_000; i++) {
					connection.send(new GenericMessage<>(message));
				}
			}));
		});
		return failure;
	}

	@Test
	void clientThatSendsToAPeerThatDoesNotReadLearnsOfTheTimeout() throws Exception {
		try (ServerSocket peer = SpringFactories.peer()) {
			NettyClientConnectionFactory client = this.factories.client(peer.getLocalPort());
			client.setSoTimeout(SO_TIMEOUT);
			client.registerListener(this.listener);
			client.start();
			TcpConnection connection = client.getConnection();
			try (Socket accepted = peer.accept()) {
				CompletableFuture<@Nullable Throwable> sending = sendUntilItFails(connection);
				assertThat(sending).succeedsWithin(PROMPTLY);
				assertThat(sending.join()).isInstanceOf(MessagingException.class)
					.hasCauseInstanceOf(SocketTimeoutException.class);
				assertThat(accepted.isConnected()).isTrue();
			}
		}
	}

	@Test
	void requestWithoutAReplyFailsWithTheTimeout() throws Exception {
		try (ServerSocket peer = SpringFactories.peer()) {
			TcpOutboundGateway gateway = gateway(peer);
			Thread.ofVirtual().start(() -> {
				try (Socket accepted = peer.accept()) {
					accepted.getInputStream().readAllBytes();
				}
				catch (IOException ex) {
					// It was reset.
				}
			});
			assertTimesOut(gateway, "request");
			await().atMost(PROMPTLY)
				.untilAsserted(() -> assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(1));
			assertThat(readTimeouts()).isEqualTo(1);
		}
	}

	@Test
	void requestThatAPeerDoesNotTakeFailsWithTheTimeout() throws Exception {
		try (ServerSocket peer = SpringFactories.peer()) {
			TcpOutboundGateway gateway = gateway(peer);
			CompletableFuture<Socket> accepted = new CompletableFuture<>();
			Thread.ofVirtual().start(() -> {
				try {
					accepted.complete(peer.accept());
				}
				catch (IOException ex) {
					accepted.completeExceptionally(ex);
				}
			});
			assertTimesOut(gateway, "x".repeat(16 * 1024 * 1024));
			await().atMost(PROMPTLY)
				.untilAsserted(() -> assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(1));
			assertThat(readTimeouts()).isLessThanOrEqualTo(1);
			accepted.get().close();
		}
	}

	private TcpOutboundGateway gateway(ServerSocket peer) {
		NettyClientConnectionFactory client = this.factories.client(peer.getLocalPort());
		client.setSoTimeout(SO_TIMEOUT);
		return this.factories.gateway(client);
	}

	private static void assertTimesOut(TcpOutboundGateway gateway, String request) {
		long before = System.nanoTime();
		Throwable failure = catchThrowable(() -> gateway.handleMessage(new GenericMessage<>(request)));
		assertThat(failure).isInstanceOf(MessagingException.class);
		assertThat(SpringFactories.causes(failure)).hasAtLeastOneElementOfType(SocketTimeoutException.class);
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(PROMPTLY);
	}

	@Test
	void deserializerFailsWithTheTimeoutWithinAMessage() throws Exception {
		this.server.start();
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("whole\npart"));
			assertThat(client.receiveToEnd()).isEmpty();
			awaitEndThatWasToldOnce();
		}
		assertThat(this.listener.texts()).containsExactly("whole");
		assertThat(this.factories.events(TcpDeserializationExceptionEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getCause()).isInstanceOf(SocketTimeoutException.class);
			assertThat(Arrays.copyOf(event.getBuffer(), event.getOffset())).isEqualTo(SpringFactories.ascii("part"));
		});
	}

	@Test
	void deserializerMayTakeTheTimeoutForTheEndOfTheMessage() throws Exception {
		this.factories.serializer(this.server, new ByteArrayRawSerializer(true));
		this.server.start();
		try (TestClient client = new TestClient(this.server.getPort())) {
			client.send(SpringFactories.ascii("all there is"));
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("all there is"));
			assertThat(client.receiveToEnd()).isEmpty();
		}
		await().untilAsserted(() -> assertThat(this.told.removed()).isEqualTo(this.told.added()));
		assertThat(this.listener.texts()).containsExactly("all there is");
		assertThat(this.factories.events(TcpConnectionCloseEvent.class)).hasSize(1);
	}

}
