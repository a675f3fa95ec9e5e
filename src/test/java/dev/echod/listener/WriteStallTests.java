package dev.echod.listener;

import java.io.IOException;
import java.time.Duration;

import dev.echod.connection.CloseReason;
import dev.echod.connection.OpenConnection;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that do not read, and the time they are given, in each way to serve.
 */
@Tag("long")
class WriteStallTests {

	private static final Duration LIMIT = Duration.ofSeconds(2);

	private static final Duration SOON = Duration.ofSeconds(15);

	/**
	 * Sends on a thread of its own, until all is sent or the connection is gone.
	 */
	private static Thread sendAll(TestClient client, int length, boolean fin) {
		return Thread.startVirtualThread(() -> {
			try {
				client.send(new byte[length]);
				if (fin) {
					client.sendFin();
				}
			}
			catch (IOException ex) {
				// Reset, as is to be seen.
			}
		});
	}

	@ParameterizedTest
	@CsvSource({ "event-loop, stream", "thread, stream", "thread, length-4", "serial, stream", "process, stream" })
	void clientThatDoesNotReadLosesItsConnection(String concurrency, String framing) throws Exception {
		try (TestListener server = TestListener.start("concurrency=" + concurrency, "framing=" + framing,
				"limits.write-stall=2s"); TestClient client = new TestClient(server.port())) {
			// With length-4, empty messages.
			Thread sender = sendAll(client, 64 * 1024 * 1024, false);
			await().atMost(Duration.ofSeconds(20)).until(() -> server.registry().connections().isEmpty());
			assertThat(server.closed().reason()).isEqualTo(CloseReason.SLOW_READER);
			assertThat(sender.join(SOON)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void clientThatDoesNotReadTheLastBytesLosesItsConnection(boolean halfClosed) throws Exception {
		try (TestListener server = TestListener.start("limits.write-stall=2s", "write-buffer-high=64MB");
				TestClient client = new TestClient(server.port())) {
			Thread sender = sendAll(client, 16 * 1024 * 1024, halfClosed);
			OpenConnection connection = server.connection();
			await().until(() -> connection.bytesReceived() == 16 * 1024 * 1024);
			assertThat(connection.pendingBytes()).isBetween(1L, 64L * 1024 * 1024);
			await().atMost(SOON).until(() -> server.registry().connections().isEmpty());
			assertThat(server.closed().reason()).isEqualTo(CloseReason.SLOW_READER);
			assertThat(sender.join(SOON)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "event-loop", "thread" })
	void clientThatIsIdleKeepsItsConnection(String concurrency) throws Exception {
		try (TestListener server = TestListener.start("concurrency=" + concurrency, "limits.write-stall=1s");
				TestClient client = new TestClient(server.port())) {
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			await().during(LIMIT.multipliedBy(2)).until(() -> server.registry().connections().size() == 1);
			assertThat(client.send(new byte[] { 2 }).receive(1)).containsExactly(2);
		}
	}

	@Test
	void clientOfASelectorThatDoesNotReadHoldsUpTheOthersForALimitedTime() throws Exception {
		try (TestListener server = TestListener.start("concurrency=selector", "limits.write-stall=2s");
				TestClient deaf = new TestClient(server.port());
				TestClient client = new TestClient(server.port())) {
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			Thread sender = sendAll(deaf, 64 * 1024 * 1024, false);
			await().until(() -> isIdleAndOwing(server));
			client.socket().setSoTimeout(Math.toIntExact(SOON.toMillis()));
			assertThat(client.send(new byte[] { 2 }).receive(1)).containsExactly(2);
			await().until(() -> server.registry().connections().size() == 1);
			assertThat(server.registry().closedConnections().getFirst().reason()).isEqualTo(CloseReason.SLOW_READER);
			assertThat(sender.join(SOON)).isTrue();
		}
	}

	private static boolean isIdleAndOwing(TestListener server) {
		return server.registry()
			.connections()
			.stream()
			.anyMatch(
					(open) -> open.bytesReceived() > 1_000_000 && open.idleFor().compareTo(Duration.ofMillis(300)) > 0);
	}

}
