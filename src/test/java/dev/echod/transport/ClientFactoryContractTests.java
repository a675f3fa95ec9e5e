package dev.echod.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.integration.channel.QueueChannel;
import org.springframework.integration.ip.event.IpIntegrationEvent;
import org.springframework.integration.ip.tcp.connection.CachingClientConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionFailedEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorSupport;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.outbound.TcpOutboundGateway;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * A client connection factory tells of a connection only when there is one, and gives it
 * up when its peer does.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.Transport#available")
class ClientFactoryContractTests {

	private static final Duration QUIET = Duration.ofMillis(300);

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Transport transport;

	private final SpringFactories.Received listener = new SpringFactories.Received();

	private final SpringFactories.Told told = new SpringFactories.Told();

	private final AtomicInteger interceptors = new AtomicInteger();

	@RegisterExtension
	private final SpringFactories factories = new SpringFactories(() -> this.transport);

	private NettyClientConnectionFactory client(int port) {
		NettyClientConnectionFactory client = this.factories.client(port);
		client.registerListener(this.listener);
		client.registerSender(this.told);
		client.setInterceptorFactoryChain(SpringFactories.interceptors(() -> {
			this.interceptors.incrementAndGet();
			return new TcpConnectionInterceptorSupport(this.factories.context()) {
			};
		}));
		return client;
	}

	private static int closedPort() throws Exception {
		try (ServerSocket closed = SpringFactories.peer()) {
			return closed.getLocalPort();
		}
	}

	@Test
	void refusedConnectionIsToldOfByAnEventThatItFailedAndNothingElse() throws Exception {
		NettyClientConnectionFactory client = client(closedPort());
		client.start();
		Throwable failure = catchThrowable(client::getConnection);
		assertThat(failure).isInstanceOf(UncheckedIOException.class).hasCauseInstanceOf(ConnectException.class);
		assertNothingButFailed(client, failure);
	}

	/**
	 * Whose queue of connections that nobody accepted is full does not answer.
	 */
	@Test
	void connectionThatTimesOutIsToldOfByAnEventThatItFailedAndNothingElse() throws Exception {
		List<Socket> waiting = new ArrayList<>();
		try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			for (int i = 0; i < 2; i++) {
				waiting.add(new Socket(full.getInetAddress(), full.getLocalPort()));
			}
			NettyClientConnectionFactory client = client(full.getLocalPort());
			client.setConnectTimeout(1);
			client.start();
			Throwable failure = catchThrowable(client::getConnection);
			assertThat(failure).isInstanceOf(UncheckedIOException.class);
			assertNothingButFailed(client, failure);
		}
		finally {
			for (Socket socket : waiting) {
				socket.close();
			}
		}
	}

	@Test
	void connectionThatIsSetUpTooLateCloses() throws Exception {
		CompletableFuture<Void> setUp = new CompletableFuture<>();
		try (ServerSocket peer = SpringFactories.peer()) {
			NettyClientConnectionFactory client = this.factories.client(peer.getLocalPort());
			client.registerListener(this.listener);
			client.setConnectTimeout(1);
			client.setInterceptorFactoryChain(SpringFactories.interceptors(() -> {
				setUp.orTimeout(10, TimeUnit.SECONDS).join();
				return new TcpConnectionInterceptorSupport(this.factories.context()) {
				};
			}));
			client.start();
			assertThat(catchThrowable(client::getConnection)).isInstanceOf(UncheckedIOException.class)
				.hasCauseInstanceOf(SocketTimeoutException.class);
			setUp.complete(null);
			try (Socket accepted = peer.accept()) {
				assertThat(accepted.getInputStream().read()).isEqualTo(-1);
			}
			await().until(() -> client.getOpenConnectionIds().isEmpty());
		}
	}

	private void assertNothingButFailed(NettyClientConnectionFactory client, Throwable failure) {
		await().during(QUIET).untilAsserted(() -> {
			assertThat(this.factories.events()).filteredOn(IpIntegrationEvent.class::isInstance)
				.singleElement()
				.isInstanceOfSatisfying(TcpConnectionFailedEvent.class,
						(event) -> assertThat(event.getCause()).isSameAs(failure));
			assertThat(this.told.added()).isEmpty();
			assertThat(this.told.removed()).isEmpty();
			assertThat(this.interceptors).hasValue(0);
			assertThat(this.listener.errors()).isEmpty();
			assertThat(client.getOpenConnectionIds()).isEmpty();
		});
	}

	@Test
	void connectionIsMadeOnceThePeerListensAfterAll() throws Exception {
		int port = closedPort();
		NettyClientConnectionFactory client = client(port);
		client.start();
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(client::getConnection);
		try (ServerSocket peer = new ServerSocket(port, 10, InetAddress.getLoopbackAddress())) {
			TcpConnectionSupport connection = client.getConnection();
			try (Socket accepted = peer.accept()) {
				assertThat(connection.isOpen()).isTrue();
				assertThat(this.told.added()).containsExactly(connection);
				assertThat(this.interceptors).hasValue(1);
				accepted.getOutputStream().write(SpringFactories.ascii("hello\n"));
				await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("hello"));
			}
		}
	}

	@Test
	void senderWaitsNoLongerThanItMayForAPeerThatDoesNotRead() throws Exception {
		try (ServerSocket peer = SpringFactories.peer()) {
			NettyClientConnectionFactory client = this.factories.client(peer.getLocalPort());
			client.setSendTimeout(Duration.ofMillis(500));
			client.registerListener(this.listener);
			client.start();
			TcpConnectionSupport connection = client.getConnection();
			try (Socket unread = peer.accept()) {
				GenericMessage<byte[]> message = new GenericMessage<>(new byte[60_000]);
				Throwable failure = catchThrowable(() -> {
					for (int i = 0; i < 1_000; i++) {
						connection.send(message);
					}
				});
				assertThat(SpringFactories.causes(failure)).hasAtLeastOneElementOfType(SocketTimeoutException.class);
				await().until(() -> client.getOpenConnectionIds().isEmpty());
				assertThatExceptionOfType(SocketException.class)
					.isThrownBy(() -> unread.getInputStream().readAllBytes());
			}
		}
	}

	/**
	 * The cache's own connection is the outermost interceptor: it goes back to the cache
	 * when it is told to close.
	 */
	@Test
	void cacheHasAConnectionToGiveAgainWhenThePeerClosedTheOneInUse() throws Exception {
		try (ServerSocket peer = SpringFactories.peer()) {
			NettyClientConnectionFactory target = this.factories.client(peer.getLocalPort());
			CachingClientConnectionFactory cache = new CachingClientConnectionFactory(target, 1);
			cache.setConnectionWaitTimeout(5_000);
			this.factories.initialize(cache, "cache");
			cache.registerListener(this.listener);
			cache.start();
			TcpConnectionSupport inUse = cache.getConnection();
			peer.accept().close();
			await().until(() -> !inUse.isOpen());
			TcpConnectionSupport next = cache.getConnection();
			assertThat(next.getConnectionId()).isNotEqualTo(inUse.getConnectionId());
			try (Socket accepted = peer.accept()) {
				next.send(new GenericMessage<>("hello"));
				assertThat(accepted.getInputStream().readNBytes(6)).isEqualTo(SpringFactories.ascii("hello\n"));
			}
			cache.stop();
		}
	}

	@Test
	void requestToAPeerThatRefusesFailsAndTheNextOneIsAnswered() throws Exception {
		int port = closedPort();
		NettyClientConnectionFactory client = this.factories.client(port);
		QueueChannel replies = new QueueChannel();
		TcpOutboundGateway gateway = new TcpOutboundGateway();
		gateway.setConnectionFactory(client);
		gateway.setReplyChannel(replies);
		gateway.setRemoteTimeout(10_000);
		this.factories.initialize(gateway, "outbound");
		gateway.start();
		assertThatExceptionOfType(MessagingException.class)
			.isThrownBy(() -> gateway.handleMessage(new GenericMessage<>("request")))
			.withRootCauseInstanceOf(ConnectException.class);
		try (ServerSocket peer = new ServerSocket(port, 10, InetAddress.getLoopbackAddress())) {
			Thread.ofVirtual().start(() -> {
				try (Socket accepted = peer.accept()) {
					accepted.getInputStream().transferTo(accepted.getOutputStream());
				}
				catch (IOException ex) {
					// The test is over.
				}
			});
			gateway.handleMessage(new GenericMessage<>("request"));
			assertThat(replies.receive(0)).isNotNull();
			client.stop();
		}
	}

}
