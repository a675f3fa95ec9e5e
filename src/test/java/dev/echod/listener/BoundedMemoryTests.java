package dev.echod.listener;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.echod.connection.OpenConnection;
import dev.echod.testing.TestClient;
import dev.echod.testing.UsedHeap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * That a connection holds what its limits say, objects included, however small or large
 * the messages are that its client claims to send.
 */
@Tag("long")
class BoundedMemoryTests {

	private static final long MIB = 1024 * 1024;

	@ParameterizedTest
	@CsvSource({ "thread, lf, 78", "thread, crlf, 78", "thread, stx-etx, 02", "thread, length-4, 00100000",
			"thread, length-4, 0010000078", "event-loop, lf, 78", "event-loop, length-4, 0010000078" })
	void beginningOfAMessageHoldsNoRoomForItsEnd(String concurrency, String framing, String beginning)
			throws Exception {
		int clients = 200;
		byte[] bytes = java.util.HexFormat.of().parseHex(beginning);
		List<TestClient> connected = new ArrayList<>();
		try (TestListener server = TestListener.start("concurrency=" + concurrency, "framing=" + framing,
				"threads=virtual")) {
			long before = UsedHeap.bytes();
			for (int i = 0; i < clients; i++) {
				connected.add(new TestClient(server.port()).send(bytes));
			}
			await().until(() -> server.listener().totals().bytesReceived() == (long) clients * bytes.length);
			assertThat(server.registry().connections()).hasSize(clients);
			await().untilAsserted(() -> assertThat(UsedHeap.bytes() - before).isLessThan(32 * MIB));
		}
		finally {
			for (TestClient client : connected) {
				client.close();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "lf", "crlf", "stx-etx" })
	void eachPieceOfALongMessageCostsTheSame(String framing) throws Exception {
		int pieces = 1_000;
		try (TestListener server = TestListener.start("framing=" + framing);
				TestClient client = new TestClient(server.port())) {
			client.send(new byte[] { 2 });
			OpenConnection connection = server.connection();
			long warm = sendInPieces(client, connection, pieces);
			long first = Math.min(warm, sendInPieces(client, connection, pieces));
			long before = connection.bytesReceived();
			client.send("x".repeat(900_000).getBytes(StandardCharsets.US_ASCII));
			await().atMost(Duration.ofSeconds(30)).until(() -> connection.bytesReceived() == before + 900_000);
			long last = Math.min(sendInPieces(client, connection, pieces), sendInPieces(client, connection, pieces));
			assertThat(Duration.ofNanos(last))
				.isLessThan(Duration.ofNanos(first).multipliedBy(5).plus(Duration.ofMillis(200)));
		}
	}

	/**
	 * Sends bytes, each when the one before was read.
	 * @return how long it took, in nanoseconds
	 */
	private static long sendInPieces(TestClient client, OpenConnection connection, int pieces) throws IOException {
		long start = System.nanoTime();
		for (int i = 0; i < pieces; i++) {
			long received = connection.bytesReceived();
			client.out().write('x');
			while (connection.bytesReceived() == received) {
				assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(30).toNanos());
				Thread.onSpinWait();
			}
		}
		return System.nanoTime() - start;
	}

}
