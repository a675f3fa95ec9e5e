package dev.echod.listener;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ConnectionState;
import dev.echod.connection.OpenConnection;
import dev.echod.testing.ProxyHeaders;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import dev.echod.testing.TestClient.Tls;
import dev.echod.tls.ReloadedBundles;
import dev.echod.tls.TlsFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Listeners with TLS, and clients that do not keep to it, or do not get on.
 */
@ParameterizedClass
@MethodSource("ways")
@Tag("long")
class TlsHostileTests {

	private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

	private static final SSLContext CLIENT = AUTHORITY.clientContext(null);

	private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

	private static final int MANY = 16 * 1024 * 1024;

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private String way;

	@SuppressWarnings("NullAway.Init")
	private TestListener server;

	static List<String> ways() {
		return TestListener.waysToServe().stream().filter((way) -> !way.equals("selector")).toList();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private void start(String... properties) {
		ReloadedBundles bundles = new ReloadedBundles();
		bundles.registerBundle("web", TestCertificates.bundle(AUTHORITY.server("localhost"), null));
		this.server = TestListener.servedBy(this.way, bundles,
				Stream.concat(Stream.of("tls.bundle=web"), Arrays.stream(properties)).toArray(String[]::new));
	}

	private TestClient connect(String version) throws IOException {
		TestClient client = new TestClient(this.server.port(), new Tls(CLIENT, version, "localhost"));
		assertThat(client.send(HELLO).receive(HELLO.length)).isEqualTo(HELLO);
		return client;
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void clientThatReadsLateGetsAllAndLittleWaitsForIt(String version) throws Exception {
		start();
		byte[] sent = TestClient.randomBytes(1, MANY);
		try (TestClient client = connect(version)) {
			CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
				try {
					client.send(sent).sendFin();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
			await().until(() -> this.server.connection().pendingBytes() > 0);
			awaitStill(this.server.connection());
			assertThat(this.server.connection().pendingBytes()).isLessThan(2 * 1024 * 1024);
			TestClient.assertSame(client.receiveToEnd(), sent);
			sending.join();
		}
		assertThat(this.server.closed().reason()).isEqualTo(CloseReason.PEER_CLOSED);
	}

	/**
	 * As long as it takes to see that it does not get on.
	 */
	private static void awaitStill(OpenConnection connection) {
		long[] before = { -1 };
		await().until(() -> {
			long now = connection.bytesReceived();
			boolean still = now == before[0];
			before[0] = now;
			return still;
		});
	}

	/**
	 * What waits to be encrypted, or to be taken by the system, is owed too.
	 */
	@ParameterizedTest
	@CsvSource({ "TLSv1.3, OPERATOR_CLOSED", "TLSv1.2, OPERATOR_CLOSED", "TLSv1.3, DRAINED", "TLSv1.2, DRAINED" })
	void closeInOrderAndDrainSendWhatWaitsFirst(String version, CloseReason reason) throws Exception {
		start("write-buffer-high=64MB");
		byte[] sent = TestClient.randomBytes(1, MANY);
		byte[] received;
		try (TestClient client = connect(version)) {
			Thread.ofVirtual().start(() -> sendAll(client, sent));
			OpenConnection connection = this.server.connection();
			await().until(() -> connection.pendingBytes() > 0);
			if (isOnEventLoops()) {
				await().until(() -> connection.bytesReceived() == HELLO.length + MANY);
			}
			else {
				awaitStill(connection);
			}
			assertThat(connection.isOwing()).isTrue();
			CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> close(connection, reason));
			received = client.receiveToEnd();
			closing.join();
		}
		TestClient.assertSame(received, Arrays.copyOf(sent, received.length));
		ClosedConnection closed = this.server.closed();
		assertThat(closed.reason()).isEqualTo(reason);
		assertThat(closed.bytesSent()).isEqualTo(HELLO.length + received.length);
		if (isOnEventLoops()) {
			assertThat(received).as("all was read").hasSize(MANY);
		}
	}

	private boolean isOnEventLoops() {
		return this.server.listener().concurrency() == Concurrency.EVENT_LOOP;
	}

	/**
	 * A drain asks each connection again and again.
	 */
	private static void close(OpenConnection connection, CloseReason reason) {
		if (reason == CloseReason.OPERATOR_CLOSED) {
			connection.close(reason);
			return;
		}
		await().pollInterval(Duration.ofMillis(1)).until(() -> {
			connection.closeIfQuiet(Duration.ZERO, reason);
			return connection.state() == ConnectionState.CLOSING;
		});
	}

	private static void sendAll(TestClient client, byte[] bytes) {
		try {
			client.send(bytes);
		}
		catch (IOException ex) {
			// It was cut off, or its other end had enough.
		}
	}

	@Test
	void clientThatNeverReadsIsCutOff() throws Exception {
		assertIsCutOff("TLSv1.3");
	}

	@Test
	void clientThatNeverReadsIsCutOffInTls12Too() throws Exception {
		assertIsCutOff("TLSv1.2");
	}

	private void assertIsCutOff(String version) throws Exception {
		start("limits.write-stall=500ms");
		assumeThat(this.way).as("who does not read keeps the process from its input").isNotEqualTo("process");
		try (TestClient client = connect(version)) {
			Thread.ofVirtual().start(() -> sendAll(client, new byte[MANY]));
			await().until(() -> !this.server.registry().closedConnections().isEmpty());
			assertThat(this.server.closed().reason()).isEqualTo(CloseReason.SLOW_READER);
			client.socket().close();
		}
	}

	/**
	 * In TLS 1.2 the type of a record can be seen, so that anybody could send one that
	 * looks like a close_notify.
	 */
	@Test
	void alertThatIsForgedIsNoCloseNotify() throws Exception {
		start();
		try (TestClient client = connect("TLSv1.2")) {
			client.socket().getOutputStream().write(record(21, TestClient.randomBytes(1, 26)));
			assertThat(this.server.closed().reason()).isEqualTo(CloseReason.IO_ERROR);
		}
	}

	private static byte[] record(int type, byte[] content) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(new byte[] { (byte) type, 3, 3, (byte) (content.length >> 8), (byte) content.length });
		bytes.writeBytes(content);
		return bytes.toByteArray();
	}

	@Test
	void recordThatIsBrokenEndsTheConnection() throws Exception {
		start();
		try (TestClient client = connect("TLSv1.3")) {
			client.socket().getOutputStream().write(record(23, TestClient.randomBytes(1, 100)));
			assertThat(this.server.closed().reason()).isEqualTo(CloseReason.IO_ERROR);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void endWithoutACloseNotifyIsAnsweredByAReset(String version) throws Exception {
		start();
		int rounds = 10;
		for (int round = 0; round < rounds; round++) {
			try (TestClient client = connect(version)) {
				client.send("again".getBytes(StandardCharsets.US_ASCII)).truncate();
				assertThatThrownBy(client.socket().getInputStream()::readAllBytes).isInstanceOf(SocketException.class);
			}
		}
		await().until(() -> this.server.registry().closedConnections().size() == rounds);
		assertThat(this.server.registry().closedConnections()).extracting(ClosedConnection::reason)
			.containsOnly(CloseReason.TLS_TRUNCATED);
	}

	/**
	 * Whether who reads or who writes is told of it first is up to the system.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void clientThatResetsWhileItIsSentToIsNotTakenForClosedByUs(String version) throws Exception {
		start();
		try (TestClient client = connect(version)) {
			Thread.ofVirtual().start(() -> sendAll(client, new byte[MANY]));
			await().until(() -> this.server.connection().pendingBytes() > 0);
			client.reset();
			assertThat(this.server.closed().reason()).isIn(CloseReason.PEER_RESET, CloseReason.TLS_TRUNCATED);
		}
	}

	@Test
	void handshakeThatTakesTooLongIsEnded() throws Exception {
		start("limits.handshake=300ms");
		try (TestClient client = new TestClient(this.server.port())) {
			// The beginning of a ClientHello.
			client.send(new byte[] { 22, 3, 1, 2, 0, 1 });
			assertThat(this.server.closed().reason()).isEqualTo(CloseReason.HANDSHAKE_TIMEOUT);
			assertThat(this.server.handshakes().failures(TlsFailure.TIMEOUT)).isEqualTo(1);
		}
	}

	static Stream<Arguments> endlessHellos() {
		byte[] begin = { 1, (byte) 0xff, (byte) 0xff, (byte) 0xff, 3, 3 };
		byte[] more = new byte[16_000];
		return Stream.of(Arguments.of("longer than there may be", record(22, begin), record(22, more)),
				Arguments.of("in pieces of a byte", record(22, new byte[] { 1, 0, 0x7f, 0, 3, 3 }),
						record(22, new byte[1])),
				Arguments.of("of nothing", record(22, new byte[] { 1, 0, 2, 0, 3, 3 }), record(22, new byte[0])));
	}

	/**
	 * It comes to an end long before a gigabyte, and costs little until then.
	 */
	@ParameterizedTest(name = "{0}")
	@MethodSource("endlessHellos")
	void handshakeThatNeverEndsIsEnded(String what, byte[] begin, byte[] next) throws Exception {
		start("limits.handshake=1s");
		try (TestClient client = new TestClient(this.server.port())) {
			client.send(begin);
			byte[] some = ProxyHeaders.join(Collections.nCopies(1 + 16_000 / next.length, next).toArray(byte[][]::new));
			assertThatThrownBy(() -> {
				for (long i = 0; i < 1_000_000_000 / some.length; i++) {
					client.send(some);
				}
			}).isInstanceOf(SocketException.class);
			assertThat(this.server.closed().reason()).isIn(CloseReason.TLS_HANDSHAKE, CloseReason.HANDSHAKE_TIMEOUT);
		}
	}

	@Test
	void clientThatLeavesWithinItsHandshakeIsCounted() throws Exception {
		start();
		try (TestClient client = new TestClient(this.server.port())) {
			client.send(new byte[] { 22, 3, 1, 2, 0, 1 }).sendFin();
			assertThat(this.server.closed().reason()).isEqualTo(CloseReason.TLS_HANDSHAKE);
			assertThat(this.server.handshakes().failures(TlsFailure.CLIENT_GONE)).isEqualTo(1);
		}
	}

}
