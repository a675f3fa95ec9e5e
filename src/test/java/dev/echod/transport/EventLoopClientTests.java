package dev.echod.transport;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.echod.framing.ByteArrayStreamSerializer;
import dev.echod.gateway.NonBlockingTcpListener;
import dev.echod.proxy.ProxyVersion;
import dev.echod.testing.TestCertificates;
import dev.echod.tls.ClientTls;
import io.netty.channel.EventLoop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.messaging.support.ErrorMessage;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client that lives on an event loop makes its connections there, and is called there.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.Transport#available")
class EventLoopClientTests {

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Transport transport;

	@RegisterExtension
	private final SpringFactories factories = new SpringFactories(() -> this.transport);

	private NettyClientConnectionFactory client(int port) {
		NettyClientConnectionFactory client = this.factories.client(port);
		client.setSerializer(new ByteArrayStreamSerializer());
		client.setDeserializer(new ByteArrayStreamSerializer());
		client.start();
		return client;
	}

	private static TcpConnectionSupport join(CompletableFuture<TcpConnectionSupport> connection) {
		return connection.orTimeout(10, TimeUnit.SECONDS).join();
	}

	@Test
	void connectionHasAListenerOfItsOwnThatIsCalledOnTheEventLoopItWasMadeFor() throws Exception {
		BlockingQueue<String> seen = new LinkedBlockingQueue<>();
		try (ServerSocket peer = SpringFactories.peer()) {
			NettyClientConnectionFactory client = client(peer.getLocalPort());
			for (EventLoop eventLoop : this.factories.eventLoops().loops()) {
				CompletableFuture<CompletableFuture<TcpConnectionSupport>> asked = new CompletableFuture<>();
				eventLoop.execute(() -> asked.complete(client.connect(eventLoop, null, (made) -> {
					NonBlockingTcpListener listener = (message) -> seen.add((message instanceof ErrorMessage) ? "ended"
							: SpringFactories.text(message) + eventLoop.inEventLoop());
					made.registerListener(listener);
				})));
				TcpConnectionSupport connection = join(asked.join());
				try (Socket accepted = peer.accept()) {
					accepted.getOutputStream().write(SpringFactories.ascii("hello"));
					assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("hellotrue");
					connection.send(new GenericMessage<>("reply"));
					assertThat(accepted.getInputStream().readNBytes(5)).isEqualTo(SpringFactories.ascii("reply"));
				}
				assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("ended");
			}
		}
	}

	@Test
	void connectionComesFromTheAddressThatItIsToComeFromAndSaysWhereItsEndsAre() throws Exception {
		InetAddress source = InetAddress.getByName("127.0.0.2");
		try (ServerSocket peer = SpringFactories.peer()) {
			NettyClientConnectionFactory client = client(peer.getLocalPort());
			client.setProxyHeader(ProxyVersion.V1);
			TcpConnectionSupport connection = join(
					client.connect(this.factories.eventLoops().loops().getFirst(), source, (made) -> {
					}));
			try (Socket accepted = peer.accept()) {
				connection.close();
				assertThat(accepted.getInetAddress()).isEqualTo(source);
				assertThat(accepted.getInputStream().readAllBytes()).asString(StandardCharsets.US_ASCII)
					.isEqualTo("PROXY TCP4 127.0.0.2 127.0.0.1 %d %d\r\n", accepted.getPort(), peer.getLocalPort());
			}
		}
	}

	@Test
	void whoConnectsIsToldThatItWasRefused() throws Exception {
		int port;
		try (ServerSocket closed = SpringFactories.peer()) {
			port = closed.getLocalPort();
		}
		CompletableFuture<TcpConnectionSupport> connection = client(port)
			.connect(this.factories.eventLoops().loops().getFirst(), null, (made) -> {
			});
		assertThat(connection).failsWithin(10, TimeUnit.SECONDS)
			.withThrowableOfType(Exception.class)
			.withRootCauseInstanceOf(ConnectException.class);
	}

	@Test
	void handshakeThatDoesNotComeToAnEndIsWaitedForAsLongAsForTheConnection() throws Exception {
		try (ServerSocket silent = SpringFactories.peer()) {
			NettyClientConnectionFactory client = client(silent.getLocalPort());
			client.setTls(ClientTls.of(TestCertificates.trusting(TestCertificates.authority("ca"))), null);
			client.setConnectTimeout(Duration.ofMillis(300));
			CompletableFuture<TcpConnectionSupport> connection = client
				.connect(this.factories.eventLoops().loops().getFirst(), null, (made) -> {
				});
			try (Socket accepted = silent.accept()) {
				// The client's first words, and its end.
				assertThat(accepted.getInputStream().readAllBytes()).isNotEmpty();
			}
			assertThat(connection).failsWithin(10, TimeUnit.SECONDS)
				.withThrowableOfType(Exception.class)
				.withRootCauseInstanceOf(SocketTimeoutException.class);
		}
	}

	@Test
	void whoHasSentMuchLearnsWhenItIsTaken() throws Exception {
		try (ServerSocket peer = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
			// A socket takes no more than this has room for.
			peer.setReceiveBufferSize(4096);
			EventLoop eventLoop = this.factories.eventLoops().loops().getFirst();
			NettyTcpConnection connection = (NettyTcpConnection) join(
					client(peer.getLocalPort()).connect(eventLoop, null, (made) -> {
					}));
			CompletableFuture<Void> taken = new CompletableFuture<>();
			try (Socket accepted = peer.accept()) {
				int length = 16 * 1024 * 1024;
				eventLoop.execute(() -> {
					connection.send(new GenericMessage<>(new byte[length]));
					connection.whenTaken(() -> taken.complete(null));
				});
				accepted.getInputStream().readNBytes(1);
				assertThat(taken).isNotDone();
				accepted.getInputStream().readNBytes(length - 1);
				assertThat(taken).succeedsWithin(10, TimeUnit.SECONDS);
			}
		}
	}

	@Test
	void whatASenderWaitsForComesAlsoWhenThePeerIsGone() throws Exception {
		try (ServerSocket peer = SpringFactories.peer()) {
			EventLoop eventLoop = this.factories.eventLoops().loops().getFirst();
			NettyTcpConnection connection = (NettyTcpConnection) join(
					client(peer.getLocalPort()).connect(eventLoop, null, (made) -> {
					}));
			peer.accept().close();
			CompletableFuture<Void> taken = new CompletableFuture<>();
			eventLoop.execute(() -> connection.whenTaken(() -> taken.complete(null)));
			assertThat(taken).succeedsWithin(10, TimeUnit.SECONDS);
		}
	}

}
