package dev.echod.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.integration.channel.QueueChannel;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.connection.TcpListener;
import org.springframework.integration.ip.tcp.outbound.TcpOutboundGateway;
import org.springframework.messaging.support.ErrorMessage;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A client connection that has shut down its output is read to the peer's end.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.Transport#available")
@Tag("long")
class HalfClosedClientContractTests {

	private static final Duration DEADLINE = Duration.ofSeconds(20);

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Transport transport;

	@RegisterExtension
	private final SpringFactories factories = new SpringFactories(() -> this.transport);

	@SuppressWarnings("NullAway.Init")
	private ServerSocket peer;

	private final AtomicLong written = new AtomicLong();

	@BeforeEach
	void create() throws Exception {
		this.peer = SpringFactories.peer();
	}

	@AfterEach
	void close() throws Exception {
		this.peer.close();
	}

	/**
	 * A peer that takes all until the client's FIN before it replies.
	 */
	private void replyAtTheEnd(int replies) {
		Thread.ofVirtual().start(() -> {
			try {
				while (true) {
					Socket accepted = this.peer.accept();
					Thread.ofVirtual().start(() -> replyAtTheEnd(accepted, replies));
				}
			}
			catch (SocketException ex) {
				// The test is over.
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	private void replyAtTheEnd(Socket accepted, int replies) {
		try (accepted) {
			int requested = accepted.getInputStream().readAllBytes().length;
			for (int i = 0; i < replies; i++) {
				byte[] reply = SpringFactories.ascii(reply(i, requested) + "\n");
				accepted.getOutputStream().write(reply);
				this.written.addAndGet(reply.length);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String reply(int number, int requested) {
		return "reply %05d to %d bytes %s".formatted(number, requested, "x".repeat(60));
	}

	private static List<String> replies(int count, int requested) {
		return IntStream.range(0, count).mapToObj((number) -> reply(number, requested)).toList();
	}

	@Test
	void allRepliesArriveThoughTheListenerIsSlow() throws Exception {
		int count = 10_000;
		replyAtTheEnd(count);
		CountDownLatch mayGoOn = new CountDownLatch(1);
		SpringFactories.Received received = new SpringFactories.Received();
		NettyClientConnectionFactory client = this.factories.client(this.peer.getLocalPort());
		client.registerListener((message) -> {
			awaitUninterruptibly(mayGoOn);
			received.onMessage(message);
		});
		client.start();
		TcpConnectionSupport connection = client.getConnection();
		connection.send(new GenericMessage<>("request"));
		connection.shutdownOutput();
		await().until(() -> this.written.get() > 0);
		await().during(Duration.ofMillis(300)).atMost(DEADLINE).until(this::peerIsHeldUp);
		mayGoOn.countDown();
		await().atMost(DEADLINE).untilAsserted(() -> assertThat(received.texts().size()).isEqualTo(count));
		assertThat(received.texts()).isEqualTo(replies(count, "request\n".length()));
		await().until(() -> !connection.isOpen());
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			assertThat(latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private long writtenBefore = -1;

	private boolean peerIsHeldUp() {
		long now = this.written.get();
		boolean heldUp = now == this.writtenBefore;
		this.writtenBefore = now;
		return heldUp;
	}

	@Test
	void allRepliesArriveOnManyConnectionsAtATime() throws Exception {
		int connections = 100;
		int count = 500;
		replyAtTheEnd(count);
		Map<Object, List<String>> received = new ConcurrentHashMap<>();
		NettyClientConnectionFactory client = this.factories.client(this.peer.getLocalPort());
		client.setSingleUse(true);
		TcpListener listener = (message) -> {
			if (!(message instanceof ErrorMessage)) {
				received
					.computeIfAbsent(String.valueOf(message.getHeaders().get(IpHeaders.CONNECTION_ID)),
							(id) -> new CopyOnWriteArrayList<>())
					.add(SpringFactories.text(message));
			}
		};
		client.registerListener(listener);
		client.start();
		for (int i = 0; i < connections; i++) {
			TcpConnectionSupport connection = client.getConnection();
			connection.send(new GenericMessage<>("request"));
			connection.shutdownOutput();
		}
		await().atMost(DEADLINE)
			.untilAsserted(() -> assertThat(received.values().stream().mapToInt(List::size).sum())
				.isEqualTo(connections * count));
		assertThat(received).hasSize(connections)
			.allSatisfy((id, replies) -> assertThat(replies).isEqualTo(replies(count, "request\n".length())));
	}

	@Test
	void replyArrivesAfterALargeRequestThatAPeerTakesSlowly() throws Exception {
		replyAtTheEnd(2_000);
		SpringFactories.Received received = new SpringFactories.Received();
		NettyClientConnectionFactory client = this.factories.client(this.peer.getLocalPort());
		client.registerListener(received);
		client.start();
		TcpConnectionSupport connection = client.getConnection();
		byte[] large = SpringFactories.ascii("l".repeat(49_999));
		for (int i = 0; i < 100; i++) {
			connection.send(new GenericMessage<>(large));
		}
		connection.shutdownOutput();
		await().atMost(DEADLINE).untilAsserted(() -> assertThat(received.texts().size()).isEqualTo(2_000));
		assertThat(received.texts()).isEqualTo(replies(2_000, 100 * 50_000));
	}

	@Test
	void gatewayThatClosesItsStreamAfterTheRequestGetsEachReply() {
		replyAtTheEnd(1);
		NettyClientConnectionFactory client = this.factories.client(this.peer.getLocalPort());
		client.setSingleUse(true);
		QueueChannel replies = new QueueChannel();
		TcpOutboundGateway gateway = new TcpOutboundGateway();
		gateway.setConnectionFactory(client);
		gateway.setReplyChannel(replies);
		gateway.setRemoteTimeout(5_000);
		gateway.setSecondChanceDelay(0);
		gateway.setCloseStreamAfterSend(true);
		this.factories.initialize(gateway, "outbound");
		gateway.start();
		for (int i = 0; i < 300; i++) {
			gateway.handleMessage(new GenericMessage<>("request"));
			assertThat(replies.receive(0)).isNotNull()
				.satisfies(
						(reply) -> assertThat(SpringFactories.text(reply)).isEqualTo(reply(0, "request\n".length())));
		}
	}

}
