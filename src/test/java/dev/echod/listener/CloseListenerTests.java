package dev.echod.listener;

import java.util.concurrent.atomic.AtomicInteger;

import dev.echod.testing.TestClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Who listens for closed connections and fails keeps none of them open.
 */
class CloseListenerTests {

	@ParameterizedTest
	@ValueSource(strings = { "event-loop", "thread", "process", "serial", "selector" })
	void connectionLeavesTheRegistryAlsoWhereAListenerFails(String concurrency) throws Exception {
		AtomicInteger told = new AtomicInteger();
		try (TestListener server = TestListener.start("concurrency=" + concurrency)) {
			server.registry().onClosed((closed) -> {
				throw new IllegalStateException("as the test wants it");
			});
			server.registry().onClosed((closed) -> {
				throw new StackOverflowError("as the test wants it");
			});
			server.registry().onClosed((closed) -> told.incrementAndGet());
			for (int i = 1; i <= 3; i++) {
				try (TestClient client = new TestClient(server.port())) {
					assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
				}
				int closed = i;
				await().untilAsserted(() -> assertThat(server.listener().totals()).extracting("active", "closed")
					.containsExactly(0L, (long) closed));
				assertThat(server.registry().connections()).isEmpty();
				assertThat(server.registry().closedConnections()).hasSize(i);
				assertThat(told).hasValue(i);
			}
		}
	}

}
