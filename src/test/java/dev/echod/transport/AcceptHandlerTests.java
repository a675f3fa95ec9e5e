package dev.echod.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.echod.admission.AccessRules;
import dev.echod.admission.Admission;
import dev.echod.admission.AdmissionLimits;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.testing.TestClient;
import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorFactoryChain;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorSupport;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * When a listening socket accepts nobody, and that no place is lost.
 */
class AcceptHandlerTests {

	private static final Duration RETRY = Duration.ofMillis(200);

	private static Admission admission(int connections, int acceptsPerSecond) {
		return new Admission("test", new AccessRules(List.of(), List.of()),
				new AdmissionLimits(connections, 0, acceptsPerSecond), (client) -> false, new ConnectionRegistry());
	}

	private static EmbeddedChannel listening(Admission admission) {
		return new EmbeddedChannel(new AcceptHandler("test", new ConnectionRegistry(), admission));
	}

	/**
	 * Accepts nobody until then.
	 */
	private static Duration awaitAccepting(EmbeddedChannel listening, long startNanos) {
		assertThat(listening.config().isAutoRead()).isFalse();
		await().pollInterval(Duration.ofMillis(5)).until(() -> {
			listening.runScheduledPendingTasks();
			return listening.config().isAutoRead();
		});
		return Duration.ofNanos(System.nanoTime() - startNanos);
	}

	@Test
	void acceptsNobodyUntilTheNextMayCome() {
		EmbeddedChannel listening = listening(admission(0, 5));
		long start = System.nanoTime();
		listening.writeInbound(new Client(), new Client());
		assertThat(listening.inboundMessages()).hasSize(2);
		assertThat(awaitAccepting(listening, start)).isGreaterThanOrEqualTo(Duration.ofMillis(390));
	}

	@Test
	void acceptsNobodyForAWhileAfterAFailure() {
		EmbeddedChannel listening = listening(admission(0, 0));
		long start = System.nanoTime();
		listening.pipeline().fireExceptionCaught(new IOException("as the test wants it"));
		listening.pipeline().fireExceptionCaught(new IOException("as the test wants it"));
		assertThat(awaitAccepting(listening, start)).isGreaterThanOrEqualTo(RETRY);
		listening.writeInbound(new Client());
		assertThat(listening.config().isAutoRead()).isTrue();
	}

	@Test
	void longerOfTwoWaitsHolds() {
		EmbeddedChannel listening = listening(admission(0, 20));
		long start = System.nanoTime();
		listening.writeInbound(new Client(), new Client());
		listening.pipeline().fireExceptionCaught(new IOException("as the test wants it"));
		assertThat(awaitAccepting(listening, start)).isGreaterThanOrEqualTo(RETRY);
	}

	@Test
	void listeningSocketThatWasClosedMeanwhileIsLeftAlone() {
		EmbeddedChannel listening = listening(admission(0, 20));
		listening.writeInbound(new Client(), new Client(), new Client());
		listening.close();
		await().until(() -> {
			listening.runScheduledPendingTasks();
			return listening.runScheduledPendingTasks() < 0;
		});
		assertThat(listening.config().isAutoRead()).isFalse();
	}

	@ParameterizedTest
	@MethodSource("dev.echod.transport.EchoServer#engines")
	void placeIsGivenBackWhenAConnectionCannotBeSetUp(EchoServer.Kind kind) throws Exception {
		try (EchoServer server = EchoServer.start(kind)) {
			NettyServerConnectionFactory factory = (NettyServerConnectionFactory) server.connectionFactory();
			AtomicBoolean failing = new AtomicBoolean(true);
			TcpConnectionInterceptorFactoryChain chain = new TcpConnectionInterceptorFactoryChain();
			chain.setInterceptor(() -> {
				if (failing.get()) {
					throw new IllegalStateException("as the test wants it");
				}
				return new TcpConnectionInterceptorSupport() {
				};
			});
			factory.setInterceptorFactoryChain(chain);
			factory.pauseAccepting();
			factory.setAdmission(admission(1, 0));
			factory.resumeAccepting();
			try (TestClient client = new TestClient(server.port())) {
				assertThat(client.receiveToEnd()).isEmpty();
			}
			failing.set(false);
			requireNonNull(await().until(() -> echoed(server), Objects::nonNull)).close();
		}
	}

	/**
	 * A client that was let in; null when it was not.
	 */
	private static @Nullable TestClient echoed(EchoServer server) throws IOException {
		try {
			TestClient client = new TestClient(server.port());
			assertThat(client.send(new byte[] { 7 }).receive(1)).containsExactly(7);
			return client;
		}
		catch (SocketException ex) {
			return null;
		}
	}

	/**
	 * An accepted client.
	 */
	private static final class Client extends EmbeddedChannel {

		@Override
		protected SocketAddress remoteAddress0() {
			return new InetSocketAddress(InetAddress.getLoopbackAddress(), 5);
		}

	}

}
