package dev.echod.listener;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.echod.connection.CloseReason;
import dev.echod.connection.EndSignal;
import dev.echod.connection.OpenConnection;
import dev.echod.testing.LogCapture;
import dev.echod.testing.ProxyHeaders;
import dev.echod.testing.Readme;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import dev.echod.testing.TestClient.Tls;
import dev.echod.tls.ReloadedBundles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The access log: what it tells of a connection, and that nobody waits for it.
 */
class AccessLogTests {

	private static final byte[] MESSAGE = { 'h', 'e', 'l', 'l', 'o' };

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.echod.access");

	private final Events events = new Events();

	@BeforeEach
	void listen() {
		this.events.start();
		this.logger.setLevel(Level.INFO);
		this.logger.addAppender(this.events);
	}

	@AfterEach
	void stopListening() {
		this.logger.detachAppender(this.events);
		this.logger.setLevel(null);
	}

	private static AccessLog started(AccessLogMode mode, TestListener server) {
		return started(new AccessLog(mode, server.registry(), new Listeners(List.of(server.listener()))));
	}

	private static AccessLog started(AccessLog log) {
		log.start();
		return log;
	}

	private static void echo(TestListener server) throws Exception {
		try (TestClient client = new TestClient(server.port())) {
			assertThat(client.send(MESSAGE).receive(MESSAGE.length)).isEqualTo(MESSAGE);
			assertThat(client.sendFin().receiveToEnd()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "event-loop", "thread", "process", "serial", "selector" })
	void connectionThatEndedIsToldOfOnceWithAllThatIsKnown(String concurrency) throws Exception {
		try (TestListener server = TestListener.start("concurrency=" + concurrency)) {
			AccessLog log = started(AccessLogMode.CLOSED, server);
			echo(server);
			await().until(() -> !this.events.seen.isEmpty());
			server.closed();
			log.stop();
			assertThat(this.events.seen).singleElement().satisfies((event) -> {
				assertThat(event.getLevel()).isEqualTo(Level.INFO);
				assertThat(event.getFormattedMessage())
					.matches("test-1 closed: 127\\.0\\.0\\.1:\\d+ to 127\\.0\\.0\\.1:" + server.port()
							+ ", PEER_CLOSED \\(PEER_FIN first\\) after \\d+\\.\\d{3} s, 5 bytes received, 5 sent, 1 messages.*");
				assertThat(fields(event)).containsEntry("echod.event", "closed")
					.containsEntry("echod.id", "test-1")
					.containsEntry("echod.listener", "test")
					.containsEntry("echod.local", "127.0.0.1:" + server.port())
					.containsEntry("echod.concurrency", concurrency)
					.containsEntry("echod.framing", "stream")
					.containsEntry("echod.service", concurrency.equals("process") ? "cat" : "echo")
					.containsEntry("echod.bytesReceived", "5")
					.containsEntry("echod.bytesSent", "5")
					.containsEntry("echod.messages", "1")
					.containsEntry("echod.reason", "PEER_CLOSED")
					.containsEntry("echod.firstSignal", "PEER_FIN")
					.containsKeys("echod.peer", "echod.openedAt", "echod.durationSeconds");
			});
		}
	}

	/**
	 * On loopback a round trip takes less than a second, and more than nothing.
	 */
	@Test
	void systemsTcpIsAskedOnEventLoops() throws Exception {
		try (TestListener server = TestListener.start()) {
			server.eventLoops().askTcp();
			AccessLog log = started(AccessLogMode.CLOSED, server);
			echo(server);
			await().until(() -> !this.events.seen.isEmpty());
			log.stop();
			Map<String, String> fields = fields(this.events.seen.element());
			assertThat(Double.parseDouble(fields.get("echod.roundTripSeconds"))).isBetween(1e-6, 1.0);
			assertThat(fields).containsEntry("echod.retransmissions", "0");
		}
	}

	@Test
	void openingIsToldOfFirst() throws Exception {
		try (TestListener server = TestListener.start()) {
			AccessLog log = started(AccessLogMode.OPENED_AND_CLOSED, server);
			try (TestClient client = new TestClient(server.port())) {
				await().until(() -> this.events.seen.size() == 1);
				assertThat(this.events.seen.element().getFormattedMessage()).isEqualTo("test-1 opened: 127.0.0.1:"
						+ client.socket().getLocalPort() + " to 127.0.0.1:" + server.port());
				assertThat(fields(this.events.seen.element())).containsEntry("echod.event", "opened")
					.containsEntry("echod.concurrency", "event-loop")
					.containsKeys("echod.openedAt");
			}
			await().until(() -> this.events.seen.size() == 2);
			log.stop();
		}
	}

	static Stream<Arguments> ends() {
		BiConsumer<TestClient, OpenConnection> reset = (client, connection) -> client.reset();
		BiConsumer<TestClient, OpenConnection> closed = (client, connection) -> connection
			.close(CloseReason.OPERATOR_CLOSED);
		BiConsumer<TestClient, OpenConnection> cut = (client, connection) -> connection
			.reset(CloseReason.OPERATOR_RESET);
		return Stream.of("event-loop", "thread")
			.flatMap((concurrency) -> Stream.of(Arguments.of(concurrency, EndSignal.PEER_RST, reset),
					Arguments.of(concurrency, EndSignal.OUR_FIN, closed),
					Arguments.of(concurrency, EndSignal.OUR_RST, cut)));
	}

	@Tag("long")
	@ParameterizedTest
	@MethodSource("ends")
	void whoseSegmentBeganTheEndIsTold(String concurrency, EndSignal first, BiConsumer<TestClient, OpenConnection> end)
			throws Exception {
		try (TestListener server = TestListener.start("concurrency=" + concurrency)) {
			AccessLog log = started(AccessLogMode.CLOSED, server);
			try (TestClient client = new TestClient(server.port())) {
				assertThat(client.send(MESSAGE).receive(MESSAGE.length)).isEqualTo(MESSAGE);
				end.accept(client, server.connection());
				await().until(() -> !this.events.seen.isEmpty());
			}
			log.stop();
			assertThat(fields(this.events.seen.element())).containsEntry("echod.firstSignal", first.name());
		}
	}

	/**
	 * Its fields, the rarest included, are those that the documentation lists.
	 */
	@Test
	void allThatCanBeKnownIsToldInOneLine() throws Exception {
		TestCertificates authority = TestCertificates.authority("authority");
		ReloadedBundles bundles = new ReloadedBundles();
		bundles.registerBundle("web", TestCertificates.bundle(authority.server("localhost"), authority));
		try (TestListener server = TestListener.start(bundles, "tls.bundle=web", "tls.client-auth=need",
				"proxy-protocol.mode=required", "proxy-protocol.trusted=127.0.0.1")) {
			server.eventLoops().askTcp();
			AccessLog log = started(AccessLogMode.CLOSED, server);
			Tls tls = new Tls(authority.clientContext(authority.client("known")), "TLSv1.3", "echo.example.org");
			try (TestClient client = new TestClient(server.port(), tls, ProxyHeaders.binary("192.0.2.1", 40_000))) {
				assertThat(client.send(MESSAGE).receive(MESSAGE.length)).isEqualTo(MESSAGE);
				server.connection().reset(CloseReason.OPERATOR_RESET, "stuck\nfor\u2028two\u2029long\u202Ehours");
				await().until(() -> !this.events.seen.isEmpty());
				assertThat(this.events.seen.element().getFormattedMessage())
					.contains(" closed: 192.0.2.1:40000 by 127.0.0.1:" + client.socket().getLocalPort() + " to ",
							", TLSv1.3 TLS_AES_256_GCM_SHA384, server name echo.example.org, client CN=known, ")
					.endsWith(", because: stuck?for?two?long?hours");
			}
			log.stop();
			Map<String, String> fields = fields(this.events.seen.element());
			assertThat(fields.keySet()).containsExactlyInAnyOrderElementsOf(Readme.names("## Access log"));
			assertThat(fields).containsEntry("echod.note", "stuck?for?two?long?hours")
				.containsEntry("echod.proxied", "192.0.2.1:40000")
				.containsEntry("echod.tlsVersion", "TLSv1.3")
				.containsEntry("echod.tlsCipherSuite", "TLS_AES_256_GCM_SHA384")
				.containsEntry("echod.tlsResumed", "false")
				.containsEntry("echod.tlsServerName", "echo.example.org")
				.containsEntry("echod.tlsClientSubject", "CN=known");
		}
	}

	@Test
	void offTellsNothing() throws Exception {
		try (TestListener server = TestListener.start()) {
			AccessLog log = started(AccessLogMode.OFF, server);
			echo(server);
			server.closed();
			assertThat(log.isRunning()).isFalse();
			log.stop();
			assertThat(this.events.seen).isEmpty();
		}
	}

	/**
	 * One event is being written, as many as may wait do, the others are gone.
	 */
	@Test
	void logThatCannotBeWrittenHoldsUpNobodyAndTellsHowManyItDropped() throws Exception {
		try (TestListener server = TestListener.start(); LogCapture all = new LogCapture()) {
			AccessLog log = started(new AccessLog(AccessLogMode.CLOSED, server.registry(),
					new Listeners(List.of(server.listener())), 2));
			this.events.blocked = new CountDownLatch(1);
			echo(server);
			await().until(() -> this.events.waiting);
			for (int i = 0; i < 5; i++) {
				echo(server);
			}
			await().until(() -> log.dropped() == 3);
			assertThat(this.events.seen).isEmpty();
			this.events.blocked.countDown();
			await().until(() -> this.events.seen.size() == 3);
			await().until(() -> all.atLeast(Level.WARN)
				.stream()
				.anyMatch((line) -> line.contains("The access log dropped 3 events")));
			log.stop();
		}
	}

	@Test
	void whatWaitsIsWrittenBeforeTheEnd() throws Exception {
		try (TestListener server = TestListener.start()) {
			AccessLog log = started(AccessLogMode.CLOSED, server);
			for (int i = 0; i < 20; i++) {
				echo(server);
			}
			server.closed();
			log.stop();
			assertThat(this.events.seen).hasSize(20);
		}
	}

	private static Map<String, String> fields(ILoggingEvent event) {
		Map<String, String> fields = new HashMap<>();
		event.getKeyValuePairs().forEach((pair) -> fields.put(pair.key, String.valueOf(pair.value)));
		return fields;
	}

	/**
	 * What was logged; may be made to wait, as a pipe that nobody reads does.
	 */
	private static final class Events extends AppenderBase<ILoggingEvent> {

		private final Queue<ILoggingEvent> seen = new ConcurrentLinkedQueue<>();

		private volatile CountDownLatch blocked = new CountDownLatch(0);

		private volatile boolean waiting;

		@Override
		protected void append(ILoggingEvent event) {
			this.waiting = true;
			try {
				this.blocked.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.seen.add(event);
		}

	}

}
