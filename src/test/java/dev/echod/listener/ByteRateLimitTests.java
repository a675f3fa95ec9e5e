package dev.echod.listener;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.echod.connection.CloseReason;
import dev.echod.connection.OpenConnection;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import dev.echod.tls.ReloadedBundles;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Connections that send or are sent more than the listener's byte rates allow, in each
 * way to serve that keeps them.
 */
@Tag("long")
class ByteRateLimitTests {

	private static final byte[] MUCH = TestClient.randomBytes(12, 200_000);

	static List<String> ways() {
		return TestListener.waysToServe().stream().filter((way) -> !way.equals("selector")).toList();
	}

	private static Thread sendMuch(TestClient client) {
		return Thread.startVirtualThread(() -> {
			try {
				client.send(MUCH).sendFin();
			}
			catch (IOException ex) {
				// It was closed meanwhile.
			}
		});
	}

	/**
	 * A tenth of a second's worth comes at once, all at the rate, and nothing is lost of
	 * what is owed at a half-close.
	 */
	private static void assertTakesASecond(TestListener server, TestClient client) throws Exception {
		long start = System.nanoTime();
		Thread sender = sendMuch(client);
		TestClient.assertSame(client.receiveToEnd(), MUCH);
		assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(800));
		assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
		assertThat(server.closed().reason()).isEqualTo(CloseReason.PEER_CLOSED);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whoSendsMuchIsReadFromAtTheRate(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "limits.read-bytes-per-second=200000B");
				TestClient client = new TestClient(server.port())) {
			assertTakesASecond(server, client);
		}
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whoSendsMuchOverTlsIsReadFromAtTheRate(String way) throws Exception {
		TestCertificates authority = TestCertificates.authority("authority");
		ReloadedBundles bundles = new ReloadedBundles();
		bundles.registerBundle("web", TestCertificates.bundle(authority.server("localhost"), null));
		TestClient.Tls tls = new TestClient.Tls(authority.clientContext(null), "TLSv1.3", "localhost");
		try (TestListener server = TestListener.servedBy(way, bundles, "tls.bundle=web",
				"limits.read-bytes-per-second=200000B");
				TestClient client = new TestClient(server.port(), tls, new byte[0])) {
			assertTakesASecond(server, client);
		}
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whoIsSentMuchIsReadFromAtTheRateOfThat(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "limits.write-bytes-per-second=200000B");
				TestClient client = new TestClient(server.port())) {
			assertTakesASecond(server, client);
		}
	}

	@ParameterizedTest
	@MethodSource("ways")
	void rateThatChangesHoldsForThoseWhoAreThere(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "limits.read-bytes-per-second=1KB");
				TestClient client = new TestClient(server.port())) {
			Thread sender = sendMuch(client);
			OpenConnection connection = server.connection();
			await().until(() -> connection.bytesReceived() >= 2048);
			assertThat(connection.bytesReceived()).isLessThan(64 * 1024);
			server.listener().changeLimits((before) -> limits(before, 0));
			TestClient.assertSame(client.receiveToEnd(), MUCH);
			assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
		}
	}

	@ParameterizedTest
	@MethodSource("ways")
	void rateThatIsSetLaterHoldsForThoseWhoAreThere(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way); TestClient client = new TestClient(server.port())) {
			assertThat(client.send(new byte[] { 7 }).receive(1)).containsExactly(7);
			OpenConnection connection = server.connection();
			server.listener().changeLimits((before) -> limits(before, 150 * 1024));
			await().until(() -> {
				long before = System.nanoTime();
				client.send(new byte[64 * 1024]).receive(64 * 1024);
				return System.nanoTime() - before > TimeUnit.MILLISECONDS.toNanos(200);
			});
			assertThat(connection.bytesReceived()).isPositive();
		}
	}

	private static ListenerProperties.Limits limits(ListenerProperties.Limits before, long readBytesPerSecond) {
		return new ListenerProperties.Limits(before.connections(), before.connectionsPerAddress(),
				before.acceptsPerSecond(), DataSize.ofBytes(readBytesPerSecond), before.writeBytesPerSecond(),
				before.idle(), before.maxAge(), before.writeStall(), before.handshake());
	}

	/**
	 * Who is waited for is not idle, nor quiet for a drain, and is closed at once when it
	 * is to be.
	 */
	@ParameterizedTest
	@MethodSource("ways")
	void whoIsAheadIsNotIdleAndIsClosedAtOnce(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "limits.read-bytes-per-second=1KB", "limits.idle=1s");
				TestClient client = new TestClient(server.port())) {
			Thread sender = sendMuch(client);
			OpenConnection connection = server.connection();
			await().atMost(Duration.ofSeconds(15)).until(() -> connection.bytesReceived() >= 4096);
			assertThat(server.registry().connections()).hasSize(1);
			connection.reset(CloseReason.OPERATOR_RESET, null);
			assertThat(server.closed().reason()).isEqualTo(CloseReason.OPERATOR_RESET);
			assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
		}
	}

	/**
	 * What is discarded is read as fast as may be.
	 */
	@ParameterizedTest
	@MethodSource("ways")
	void whoIsAheadIsClosedInOrderWithoutWaiting(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "limits.read-bytes-per-second=1KB");
				TestClient client = new TestClient(server.port())) {
			Thread sender = sendMuch(client);
			OpenConnection connection = server.connection();
			await().until(() -> connection.bytesReceived() >= 2048);
			long start = System.nanoTime();
			connection.close(CloseReason.OPERATOR_CLOSED, null);
			client.receiveToEnd();
			assertThat(server.closed().reason()).isEqualTo(CloseReason.OPERATOR_CLOSED);
			assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(8));
			assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
		}
	}

	@ParameterizedTest
	@CsvSource({ "selector, echo, read", "selector, echo, write", "event-loop, broadcast, write" })
	void rateThatIsNotKeptIsRefused(String concurrency, String service, String direction) {
		String property = "limits.%s-bytes-per-second".formatted(direction);
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(
				() -> TestListener.start("concurrency=" + concurrency, "service=" + service, property + "=1MB").close())
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo("echod.listeners.test." + property));
	}

	@Test
	void rateThatIsNotKeptIsRefusedLaterToo() {
		try (TestListener server = TestListener.servedBy("selector")) {
			assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
				.isThrownBy(() -> server.listener().changeLimits((before) -> limits(before, 5_000)))
				.withMessageContaining("read-bytes-per-second");
			assertThat(server.listener().limits().readBytesPerSecond().toBytes()).isZero();
		}
	}

}
