package dev.echod.listener;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.CloseReason;
import dev.echod.connection.OpenConnection;
import dev.echod.connection.RefusalReason;
import dev.echod.testing.LogCapture;
import dev.echod.testing.ProxyHeaders;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.integration.core.GenericHandler;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.messaging.MessageHeaders;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * How connections begin that may have a PROXY header, in each way to serve that takes it.
 */
class ProxyProtocolTests {

	private static final String REQUIRED = "proxy-protocol.mode=required";

	private static final String OPTIONAL = "proxy-protocol.mode=optional";

	private static final String TRUSTED = "proxy-protocol.trusted=127.0.0.1,127.0.0.2";

	private static final String WAYS = "waysThatTakeIt";

	private static final byte[] LINE = ProxyHeaders.text("PROXY TCP4 192.0.2.1 198.51.100.1 56324 8080");

	private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 56324);

	private static final byte[] NOTHING = new byte[0];

	private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);

	static List<String> waysThatTakeIt() {
		return TestListener.waysToServe().stream().filter((way) -> !way.equals("selector")).toList();
	}

	private static void assertEchoes(TestClient client) throws IOException {
		assertThat(client.send(PING).receive(PING.length)).isEqualTo(PING);
	}

	/**
	 * It may learn of it when it connects already.
	 */
	private static void assertReset(TestListener server, String from, byte[] sent) {
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
			try (TestClient client = new TestClient(server.port(), from)) {
				client.send(sent).receiveToEnd();
			}
		}).withMessageMatching(".*([Rr]eset|Broken pipe).*");
	}

	private static void assertReset(TestListener server, byte[] sent) {
		assertReset(server, "127.0.0.1", sent);
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	void clientIsWhomTheHeaderNames(String way) throws Exception {
		byte[] binary = ProxyHeaders
			.withChecksum(ProxyHeaders.binary("2001:db8::1", 7, ProxyHeaders.field(5, PING), ProxyHeaders.checksum()));
		try (TestListener server = TestListener.servedBy(way, REQUIRED, TRUSTED)) {
			try (TestClient client = new TestClient(server.port())) {
				assertEchoes(client.send(LINE));
				OpenConnection connection = server.connection();
				assertThat(connection.endpoints().client()).isEqualTo(CLIENT);
				assertThat(connection.endpoints().peer()).isEqualTo(client.socket().getLocalSocketAddress());
				assertThat(connection.bytesReceived()).as("the header is no data").isEqualTo(PING.length);
			}
			assertThat(server.closed().endpoints().client()).isEqualTo(CLIENT);
			try (TestClient client = new TestClient(server.port())) {
				assertEchoes(client.send(binary));
				assertThat(server.connection().endpoints().client()).isEqualTo(new InetSocketAddress("2001:db8::1", 7));
			}
		}
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	void headerMayComeByteByByteAndWithDataAndTheEnd(String way) throws Exception {
		byte[] much = TestClient.randomBytes(5, 300_000);
		try (TestListener server = TestListener.servedBy(way, REQUIRED, TRUSTED)) {
			try (TestClient client = new TestClient(server.port())) {
				for (byte each : ProxyHeaders.binary("192.0.2.1", 56324)) {
					client.send(new byte[] { each });
				}
				assertEchoes(client);
				assertThat(server.connection().endpoints().client()).isEqualTo(CLIENT);
			}
			try (TestClient client = new TestClient(server.port())) {
				Thread sender = Thread.startVirtualThread(() -> {
					try {
						client.send(ProxyHeaders.join(LINE, much)).sendFin();
					}
					catch (IOException ex) {
						// Too little comes back.
					}
				});
				TestClient.assertSame(client.receiveToEnd(), much);
				sender.join();
			}
		}
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	void whatIsNoHeaderIsResetWhereOneIsRequired(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, REQUIRED, TRUSTED)) {
			assertReset(server, PING);
			assertThat(server.closed().reason()).isEqualTo(CloseReason.PROXY_INVALID);
			assertReset(server, ProxyHeaders.text("PROXY TCP4 192.0.2.1 192.0.2.2 1"));
			try (TestClient client = new TestClient(server.port())) {
				client.send("PROXY TC".getBytes(StandardCharsets.US_ASCII)).sendFin();
				assertThatExceptionOfType(SocketException.class).isThrownBy(client::receiveToEnd);
			}
			await().until(() -> server.registry().closedConnections().size() == 3);
			assertThat(server.registry().closedConnections()).extracting(ClosedConnection::reason)
				.containsOnly(CloseReason.PROXY_INVALID);
		}
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	void whoIsNotTrustedIsNotBelieved(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, OPTIONAL, "proxy-protocol.trusted=127.0.0.2")) {
			assertReset(server, LINE);
			ClosedConnection closed = server.closed();
			assertThat(closed.reason()).isEqualTo(CloseReason.PROXY_UNTRUSTED);
			assertThat(closed.endpoints().proxied()).isNull();
			try (TestClient client = new TestClient(server.port())) {
				assertEchoes(client);
			}
		}
		try (TestListener server = TestListener.servedBy(way, REQUIRED, "proxy-protocol.trusted=127.0.0.2");
				LogCapture log = new LogCapture()) {
			assertReset(server, NOTHING);
			assertThat(server.closed().reason()).isEqualTo(CloseReason.PROXY_UNTRUSTED);
			assertThat(log.atLeast(Level.WARN)).filteredOn((line) -> line.contains("refused clients"))
				.singleElement()
				.asString()
				.contains("'test' refused clients, PROXY_UNTRUSTED: 1 ", "from 127.0.0.1");
		}
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	void whatComesWithoutAHeaderIsDataWhereNoneIsRequired(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, OPTIONAL, TRUSTED)) {
			for (String text : List.of("ping", "PROXIMITY", "\r\n\r\nand more", "PROXY")) {
				byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
				try (TestClient client = new TestClient(server.port())) {
					assertThat(client.send(bytes).sendFin().receiveToEnd()).isEqualTo(bytes);
				}
			}
			try (TestClient client = new TestClient(server.port())) {
				assertEchoes(client);
				assertThat(server.connection().endpoints().proxied()).isNull();
				assertThat(server.connection().bytesReceived()).isEqualTo(PING.length);
			}
			try (TestClient client = new TestClient(server.port())) {
				assertEchoes(client.send(LINE));
				assertThat(server.connection().endpoints().client()).isEqualTo(CLIENT);
			}
		}
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	@Tag("long")
	void clientThatSaysNothingIsReadyInTimeWhereNoHeaderIsRequired(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, OPTIONAL, TRUSTED, "limits.handshake=1s");
				TestClient client = new TestClient(server.port())) {
			assertThat(server.connection().endpoints().proxied()).isNull();
			assertEchoes(client);
		}
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	@Tag("long")
	void limitThatIsSetMeanwhileHoldsForWhoIsAwaited(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, REQUIRED, TRUSTED, "limits.handshake=0s");
				TestClient client = new TestClient(server.port())) {
			await().until(() -> server.registry().arrivals("test").size() == 1);
			server.listener()
				.changeLimits((before) -> new ListenerProperties.Limits(0, 0, 0, DataSize.ofBytes(0),
						DataSize.ofBytes(0), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1)));
			assertThat(server.closed().reason()).isEqualTo(CloseReason.HANDSHAKE_TIMEOUT);
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::receiveToEnd);
		}
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	@Tag("long")
	void whatMayStillBeAHeaderIsAnsweredAsDataWhenItsTimeIsOver(String way) throws Exception {
		byte[] begun = "PROX".getBytes(StandardCharsets.US_ASCII);
		try (TestListener server = TestListener.servedBy(way, OPTIONAL, TRUSTED, "limits.handshake=1s");
				TestClient client = new TestClient(server.port())) {
			assertThat(client.send(begun).receive(begun.length)).isEqualTo(begun);
			assertEchoes(client);
		}
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	@Tag("long")
	void headerThatDoesNotComeInTimeIsNotWaitedFor(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, REQUIRED, TRUSTED, "limits.handshake=1s")) {
			assertReset(server, NOTHING);
			assertThat(server.closed().reason()).isEqualTo(CloseReason.HANDSHAKE_TIMEOUT);
		}
		try (TestListener server = TestListener.servedBy(way, OPTIONAL, TRUSTED, "limits.handshake=1s")) {
			assertReset(server, "PROXY TCP4".getBytes(StandardCharsets.US_ASCII));
			assertThat(server.closed().reason()).isEqualTo(CloseReason.HANDSHAKE_TIMEOUT);
		}
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	void proxysOwnConnectionsAreSilentAndKeepItsAddress(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, REQUIRED, TRUSTED, "access.deny=127.0.0.0/8",
				"limits.connections-per-address=1")) {
			try (TestClient check = new TestClient(server.port())) {
				assertThat(check.send(ProxyHeaders.local()).sendFin().receiveToEnd()).isEmpty();
			}
			new TestClient(server.port()).close();
			await().until(() -> server.listener().totals().silent() == 2);
			assertThat(server.registry().closedConnections()).isEmpty();
			if (!way.equals("serial")) {
				try (TestClient one = new TestClient(server.port()); TestClient two = new TestClient(server.port())) {
					assertEchoes(one.send(ProxyHeaders.local()));
					assertEchoes(two.send(ProxyHeaders.text("PROXY UNKNOWN")));
					assertThat(server.registry().connections()).allMatch((each) -> each.endpoints().proxied() == null);
				}
			}
		}
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	void clientIsLetInByTheAddressThatItIsNamedWith(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, OPTIONAL, TRUSTED,
				"access.deny=192.0.2.0/24,127.0.0.2")) {
			assertReset(server, LINE);
			try (TestClient client = new TestClient(server.port(), "127.0.0.2")) {
				assertEchoes(client.send(ProxyHeaders.binary("198.51.100.1", 1)));
			}
			await().until(() -> server.registry().connections().isEmpty());
			assertReset(server, "127.0.0.2", PING);
			assertThat(server.registry().refusals("test", RefusalReason.ACCESS_DENIED)).isEqualTo(2);
			assertThat(server.listener().totals().opened()).as("refused are none that opened").isEqualTo(1);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.echod.listener.ListenerAdmissionTests#waysForMany")
	void connectionsPerAddressAreThoseOfTheNamedClients(String way) throws Exception {
		if (way.equals("selector")) {
			return;
		}
		try (TestListener server = TestListener.servedBy(way, REQUIRED, TRUSTED, "limits.connections-per-address=1")) {
			try (TestClient first = new TestClient(server.port()); TestClient other = new TestClient(server.port())) {
				assertEchoes(first.send(LINE));
				assertEchoes(other.send(ProxyHeaders.binary("192.0.2.2", 56324)));
				assertReset(server, LINE);
				assertThat(server.registry().refusals("test", RefusalReason.ADDRESS_LIMIT)).isEqualTo(1);
			}
			assertServedSoon(server);
		}
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	void connectionsThatAreNotReadyCountAsOpen(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, REQUIRED, TRUSTED, "limits.connections=1")) {
			try (TestClient waiting = new TestClient(server.port())) {
				await().until(() -> server.registry().arrivals("test").size() == 1);
				if (!way.equals("serial")) {
					assertReset(server, NOTHING);
				}
				assertEchoes(waiting.send(LINE));
			}
			assertServedSoon(server);
		}
	}

	/**
	 * As soon as there is a place for it.
	 */
	private static void assertServedSoon(TestListener server) {
		await().ignoreExceptionsInstanceOf(SocketException.class).untilAsserted(() -> {
			try (TestClient client = new TestClient(server.port())) {
				assertEchoes(client.send(LINE));
			}
		});
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	void stopDoesNotWaitForHeaders(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, OPTIONAL, TRUSTED);
				TestClient client = new TestClient(server.port())) {
			await().until(() -> server.registry().arrivals("test").size() == 1);
			server.listener().stop();
			assertThat(server.closed().reason()).isEqualTo(CloseReason.LISTENER_STOPPED);
			assertThat(client.receiveToEnd()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "event-loop", "thread" })
	@Tag("long")
	void manyWhoNeverEndTheirHeaderAreGoneInTimeAndOthersDoNotNotice(String concurrency) throws Exception {
		int many = 1_000;
		List<TestClient> slow = new ArrayList<>();
		try (TestListener server = TestListener.start(REQUIRED, TRUSTED, "limits.handshake=3s",
				"concurrency=" + concurrency); TestClient client = new TestClient(server.port())) {
			client.send(LINE);
			for (int i = 0; i < many; i++) {
				slow.add(
						new TestClient(server.port()).send("PROXY TCP4 192.0.2.1".getBytes(StandardCharsets.US_ASCII)));
			}
			while (server.listener().totals().closed() < many) {
				long before = System.nanoTime();
				assertEchoes(client);
				assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(1));
			}
			assertThat(server.registry().closedConnections()).hasSize(many)
				.allMatch((closed) -> closed.reason() == CloseReason.HANDSHAKE_TIMEOUT
						&& closed.duration().toSeconds() < 3 + 3);
		}
		finally {
			slow.forEach(TestClient::reset);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "event-loop", "thread", "serial" })
	void messagesSayWhereTheClientIs(String concurrency) throws Exception {
		Seeing handler = new Seeing(new LinkedBlockingQueue<>());
		try (TestListener server = TestListener.start(Map.of("seeing", handler), REQUIRED, TRUSTED, "service=seeing",
				"concurrency=" + concurrency); TestClient client = new TestClient(server.port())) {
			assertEchoes(client.send(LINE));
			assertThat(handler.seen().poll(10, TimeUnit.SECONDS)).containsEntry(IpHeaders.IP_ADDRESS, "192.0.2.1")
				.containsEntry(IpHeaders.HOSTNAME, "192.0.2.1")
				.containsEntry(IpHeaders.REMOTE_PORT, 56324);
		}
	}

	private record Seeing(BlockingQueue<MessageHeaders> seen) implements GenericHandler<byte[]> {

		@Override
		public Object handle(byte[] payload, MessageHeaders headers) {
			this.seen.add(headers);
			return payload;
		}

	}

}
