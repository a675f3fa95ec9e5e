package dev.echod.listener;

import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.echod.connection.OpenConnection;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A client whose messages are many, and those beside it.
 */
class TurnTests {

	private static final int LINES = 512 * 1024;

	/**
	 * Enough for each event loop to have some.
	 */
	private static final int OTHERS = 4;

	@Test
	void othersHaveTheirTurnBeforeThousandsOfMessagesAreAnswered() throws Exception {
		byte[] lines = new byte[LINES];
		Arrays.fill(lines, (byte) '\n');
		try (TestListener server = TestListener.start("framing=lf", "read-buffer=4MB", "write-buffer-high=64MB");
				TestClient busy = new TestClient(server.port());
				ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			OpenConnection connection = server.connection();
			Future<TestClient> sent = executor.submit(() -> busy.send(lines).sendFin());
			Future<byte[]> received = executor.submit(busy::receiveToEnd);
			await().until(() -> connection.messages() > 0);
			for (int i = 0; i < OTHERS; i++) {
				try (TestClient other = new TestClient(server.port())) {
					assertThat(other.send(new byte[] { 'x', '\n' }).receive(2)).containsExactly('x', '\n');
				}
			}
			assertThat(connection.messages()).isLessThan(LINES / 2);
			sent.get();
			assertThat(received.get()).hasSize(LINES);
		}
	}

}
