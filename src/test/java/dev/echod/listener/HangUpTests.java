package dev.echod.listener;

import java.util.ArrayList;
import java.util.List;

import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;

/**
 * Clients that reset their connection while it is read from.
 */
class HangUpTests {

	private static final int ROUNDS = 40;

	private static final int CLIENTS = 20;

	@Test
	void connectionThatIsResetWhileItIsReadFromEnds() throws Exception {
		byte[] message = new byte[128 * 1024];
		try (TestListener server = TestListener.start("service=discard")) {
			for (int round = 0; round < ROUNDS; round++) {
				List<TestClient> clients = new ArrayList<>();
				for (int i = 0; i < CLIENTS; i++) {
					clients.add(new TestClient(server.port()));
				}
				for (TestClient client : clients) {
					client.send(message).sendFin();
				}
				clients.forEach(TestClient::reset);
			}
			await().until(() -> server.registry().connections().isEmpty());
		}
	}

}
