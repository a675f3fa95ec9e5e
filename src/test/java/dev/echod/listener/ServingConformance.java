package dev.echod.listener;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import ch.qos.logback.classic.Level;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ConnectionState;
import dev.echod.connection.ConnectionTotals;
import dev.echod.framing.Framing;
import dev.echod.testing.Breadth;
import dev.echod.testing.LogCapture;
import dev.echod.testing.ProxyHeaders;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import dev.echod.tls.ReloadedBundles;
import dev.echod.transport.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * What each way to serve promises.
 */
abstract class ServingConformance {

	private static final int MAX_FRAME = 200;

	private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

	private static final SSLContext CLIENT = AUTHORITY.clientContext(null);

	static final String HALF_CLOSE = "every reply owed at half-close";

	static final String ORDER = "order of 2,000 pipelined messages";

	/**
	 * The promises that are not held, and how many replies were missing.
	 */
	static final Map<Concurrency, List<String>> broken = new EnumMap<>(Concurrency.class);

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Kind kind;

	@SuppressWarnings("NullAway.Init")
	private TestListener server;

	/**
	 * The ways to serve with each framing that they take, neither secured nor proxied;
	 * event loops on the transport that is the best here.
	 */
	static Stream<Kind> plain() {
		return Arrays.stream(Concurrency.values())
			.flatMap((concurrency) -> plain(concurrency, (concurrency != Concurrency.EVENT_LOOP)
					? concurrency.toString() : Transport.available().getFirst().toString()));
	}

	/**
	 * Event loops on the other transports that there are here.
	 */
	static Stream<Kind> onOtherTransports() {
		return Transport.available()
			.stream()
			.skip(1)
			.flatMap((transport) -> plain(Concurrency.EVENT_LOOP, transport.toString()));
	}

	private static Stream<Kind> plain(Concurrency concurrency, String way) {
		return Breadth.framings()
			.filter((framing) -> concurrency != Concurrency.PROCESS || framing == Framing.STREAM)
			.map((framing) -> new Kind(concurrency, way, framing, Security.NONE, false));
	}

	@BeforeEach
	void start() {
		List<String> properties = new ArrayList<>(List.of("framing=" + this.kind.framing(),
				"max-frame=%dB".formatted(MAX_FRAME), "proxy-protocol.trusted=127.0.0.1",
				"proxy-protocol.mode=" + (this.kind.proxied() ? "required" : "off")));
		ReloadedBundles bundles = new ReloadedBundles();
		if (this.kind.security() != Security.NONE) {
			bundles.registerBundle("web", TestCertificates.bundle(AUTHORITY.server("localhost"), null));
			properties.add("tls.bundle=web");
		}
		this.server = TestListener.servedBy(this.kind.way(), bundles, properties.toArray(String[]::new));
	}

	private TestClient open() throws IOException {
		int port = this.server.port();
		String version = this.kind.security().version;
		byte[] header = this.kind.proxied() ? ProxyHeaders.binary("192.0.2.1", 56324) : new byte[0];
		return version.isEmpty() ? new TestClient(port).send(header)
				: new TestClient(port, new TestClient.Tls(CLIENT, version, "localhost"), header);
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private byte[] message(int number, int length) {
		byte[] bytes = TestClient.randomBytes(number, length);
		for (int i = 0; i < length; i++) {
			bytes[i] = (byte) ('a' + (bytes[i] & 0x0f));
		}
		return bytes;
	}

	private byte[] frame(byte[] message) {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		switch (this.kind.framing()) {
			case STX_ETX -> frame.write(2);
			case LENGTH_1 -> frame.write(message.length);
			case LENGTH_2 -> frame.writeBytes(new byte[] { 0, (byte) message.length });
			case LENGTH_4 -> frame.writeBytes(new byte[] { 0, 0, 0, (byte) message.length });
			default -> {
			}
		}
		frame.writeBytes(message);
		frame.writeBytes(switch (this.kind.framing()) {
			case LF -> "\n".getBytes(StandardCharsets.US_ASCII);
			case CRLF -> "\r\n".getBytes(StandardCharsets.US_ASCII);
			case STX_ETX -> new byte[] { 3 };
			default -> new byte[0];
		});
		return frame.toByteArray();
	}

	private byte[] frames(int seed, int count) {
		ByteArrayOutputStream frames = new ByteArrayOutputStream();
		IntStream.range(0, count)
			.forEach((i) -> frames.writeBytes(frame(message(seed * 10_000 + i, 1 + i % MAX_FRAME))));
		return frames.toByteArray();
	}

	private TestClient connect() throws IOException {
		TestClient client = open();
		byte[] frame = frame(message(1, 10));
		TestClient.assertSame(client.send(frame).receive(frame.length), frame);
		return client;
	}

	@Test
	void repliesOwedAtHalfCloseAreSentBeforeOurFin() throws Exception {
		AtomicInteger missing = new AtomicInteger();
		TestClient.inParallel(50, (number) -> {
			byte[] sent = frames(number, 100);
			try (TestClient client = open()) {
				byte[] received = receiveToEnd(client.send(sent).sendFin());
				assertThat(Arrays.mismatch(received, sent)).isIn(-1, received.length);
				missing.addAndGet(sent.length - received.length);
			}
		});
		found(HALF_CLOSE, missing.get(), this.kind.concurrency() == Concurrency.SELECTOR);
	}

	private static byte[] receiveToEnd(TestClient client) throws IOException {
		ByteArrayOutputStream received = new ByteArrayOutputStream();
		try {
			client.in().transferTo(received);
		}
		catch (SocketException ex) {
			// What came before the reset counts.
		}
		return received.toByteArray();
	}

	private void found(String promise, int missing, boolean knownBroken) {
		if (!knownBroken) {
			assertThat(missing).as(promise).isZero();
		}
		else if (missing > 0) {
			broken.computeIfAbsent(this.kind.concurrency(), (key) -> new ArrayList<>()).add(promise);
			System.out.printf("%s, %s: %d bytes missing%n", this.kind, promise, missing);
		}
	}

	@Test
	void pipelinedMessagesAreAnsweredInOrder() throws Exception {
		TestClient.inParallel(10, (number) -> {
			byte[] sent = frames(number, 2_000);
			try (TestClient client = open()) {
				CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
					try {
						client.send(sent);
					}
					catch (IOException ex) {
						throw new UncheckedIOException(ex);
					}
				}, Thread::startVirtualThread);
				TestClient.assertSame(client.receive(sent.length), sent);
				sending.join();
			}
		});
	}

	@Test
	void messagesInPiecesOfOneByteAreAnswered() throws Exception {
		try (TestClient client = open()) {
			byte[] sent = frames(1, 5);
			for (byte piece : sent) {
				client.out().write(piece);
			}
			TestClient.assertSame(client.receive(sent.length), sent);
		}
	}

	@Test
	void longestMessageIsAnsweredAndALongerOneClosesTheConnection() throws Exception {
		assumeThat(this.kind.framing()).isNotEqualTo(Framing.STREAM);
		try (LogCapture log = new LogCapture(); TestClient client = connect()) {
			byte[] longest = frame(message(2, MAX_FRAME));
			TestClient.assertSame(client.send(longest).receive(longest.length), longest);
			client.send(frame(message(3, MAX_FRAME + 1)));
			assertThat(receiveToEnd(client)).isEmpty();
			assertThat(log.atLeast(Level.WARN)).isEmpty();
		}
		assertThat(this.server.closed().reason()).isEqualTo(CloseReason.FRAME_TOO_LONG);
	}

	@Test
	void endWithinAMessageIsAReasonOfItsOwn() throws Exception {
		assumeThat(this.kind.framing()).isNotEqualTo(Framing.STREAM);
		try (LogCapture log = new LogCapture(); TestClient client = connect()) {
			byte[] frame = frame(message(2, 50));
			client.send(Arrays.copyOf(frame, frame.length - 1)).sendFin();
			assertThat(receiveToEnd(client)).isEmpty();
			assertThat(log.atLeast(Level.WARN)).isEmpty();
		}
		// Spring's selector closes at the FIN, and may not look at what came before it.
		assertThat(this.server.closed().reason()).isIn((this.kind.concurrency() == Concurrency.SELECTOR)
				? List.of(CloseReason.TRUNCATED_FRAME, CloseReason.PEER_CLOSED) : List.of(CloseReason.TRUNCATED_FRAME));
	}

	@Test
	void connectionIsCountedAndListedAsClientsSeeIt() throws Exception {
		int length = frame(message(1, 10)).length;
		try (TestClient client = connect()) {
			assertThat(this.server.connection()).satisfies((connection) -> {
				assertThat(connection.endpoints().peer().getPort()).isEqualTo(client.socket().getLocalPort());
				assertThat(connection.endpoints().proxied() != null).isEqualTo(this.kind.proxied());
				assertThat(connection.endpoints().local().getPort()).isEqualTo(this.server.port());
				assertThat(connection.id()).startsWith("test-");
				assertThat(connection.state()).isEqualTo(ConnectionState.OPEN);
			});
			await()
				.untilAsserted(() -> assertThat(this.server.listener().totals()).returns(1L, ConnectionTotals::active)
					.returns((long) length, ConnectionTotals::bytesReceived)
					.returns((long) length, ConnectionTotals::bytesSent)
					.returns(1L, ConnectionTotals::messages));
		}
		assertThat(this.server.closed()).returns(CloseReason.PEER_CLOSED, ClosedConnection::reason)
			.returns((long) length, ClosedConnection::bytesReceived)
			.returns((long) length, ClosedConnection::bytesSent);
	}

	@Test
	void operatorClosesInOrder() throws Exception {
		try (TestClient client = connect()) {
			this.server.connection().close(CloseReason.OPERATOR_CLOSED);
			assertThat(client.receiveToEnd()).isEmpty();
		}
		assertThat(this.server.closed().reason()).isEqualTo(CloseReason.OPERATOR_CLOSED);
	}

	@Test
	void operatorResets() throws Exception {
		try (TestClient client = connect()) {
			this.server.connection().reset(CloseReason.OPERATOR_CLOSED);
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::receiveToEnd);
			assertThat(this.server.closed().reason()).isEqualTo(CloseReason.OPERATOR_CLOSED);
		}
	}

	@Test
	void peersResetIsAReasonOfItsOwn() throws Exception {
		TestClient client = connect();
		this.server.connection();
		client.reset();
		assertThat(this.server.closed().reason()).isIn((this.kind.concurrency() == Concurrency.SELECTOR)
				? List.of(CloseReason.PEER_RESET, CloseReason.PEER_CLOSED) : List.of(CloseReason.PEER_RESET));
	}

	@Test
	void quietConnectionIsDrainedAndWaitsForItsPeer() throws Exception {
		assumeThat(this.kind.security()).as("clients of TLS 1.2 answer a close_notify at once (RFC 5246)")
			.isNotEqualTo(Security.TLS_1_2);
		try (TestClient client = connect()) {
			this.server.connection().closeIfQuiet(Duration.ofHours(1), CloseReason.DRAINED);
			assertThat(this.server.connection().state()).isEqualTo(ConnectionState.OPEN);
			await().until(() -> {
				this.server.connection().closeIfQuiet(Duration.ofMillis(50), CloseReason.DRAINED);
				return this.server.connection().state() == ConnectionState.CLOSING;
			});
			assertThat(client.receiveToEnd()).isEmpty();
			assertThat(this.server.registry().connections()).hasSize(1);
			client.send(frame(message(4, 10))).sendFin();
		}
		assertThat(this.server.closed().reason()).isEqualTo(CloseReason.DRAINED);
	}

	@Test
	void pausedListenerRefusesAndListensAgainOnItsPort() throws Exception {
		assumeThat(this.kind.framing()).isIn(Framing.STREAM, Framing.LF);
		byte[] frame = frame(message(5, 10));
		int port = this.server.port();
		for (int i = 0; i < 3; i++) {
			try (TestClient client = connect()) {
				this.server.listener().pause();
				assertThat(this.server.listener().state()).isEqualTo(ListenerState.PAUSED);
				assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new TestClient(port).close());
				TestClient.assertSame(client.send(frame).receive(frame.length), frame);
				this.server.listener().resume();
				assertThat(this.server.listener().state()).isEqualTo(ListenerState.ACCEPTING);
				client.sendFin();
			}
		}
		connect().close();
		assertThat(this.server.port()).isEqualTo(port);
	}

	@Test
	void stopAnswersWhatWasRead() throws Exception {
		try (TestClient client = connect()) {
			CompletableFuture<Void> stopped = CompletableFuture.runAsync(this.server.listener()::stop);
			assertThat(client.receiveToEnd()).isEmpty();
			client.sendFin();
			stopped.join();
		}
		assertThat(this.server.closed().reason()).isEqualTo(CloseReason.LISTENER_STOPPED);
	}

	/**
	 * A way to serve.
	 *
	 * @param way the concurrency, or the transport of its event loops
	 * @param proxied whether connections begin with a PROXY header
	 */
	record Kind(Concurrency concurrency, String way, Framing framing, Security security, boolean proxied) {

		boolean takesMore() {
			return this.concurrency != Concurrency.SELECTOR;
		}

		Kind with(Security secured, boolean behindProxy) {
			return new Kind(this.concurrency, this.way, this.framing, secured, behindProxy);
		}

		@Override
		public String toString() {
			return this.way + ", " + this.framing
					+ (this.security.version.isEmpty() ? "" : ", " + this.security.version)
					+ (this.proxied ? ", proxied" : "");
		}

	}

	/**
	 * What secures connections.
	 */
	enum Security {

		NONE(""), TLS_1_3("TLSv1.3"), TLS_1_2("TLSv1.2");

		private final String version;

		Security(String version) {
			this.version = version;
		}

	}

}
