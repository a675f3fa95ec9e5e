package dev.echod.listener;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.integration.core.GenericHandler;
import org.springframework.messaging.MessageHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A service that throws an {@link Error} harms its own connection only.
 */
class ServiceErrorTests {

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	@Tag("long")
	@ParameterizedTest
	@ValueSource(strings = { "event-loop", "thread", "serial", "selector" })
	void errorOfAServiceClosesItsConnectionAndNoOther(String concurrency) throws Exception {
		GenericHandler<byte[]> handler = new GenericHandler<>() {

			@Override
			public Object handle(byte[] payload, MessageHeaders headers) {
				return switch (new String(payload, StandardCharsets.US_ASCII)) {
					case "stack" -> throw new StackOverflowError("as the test wants it");
					case "linkage" -> throw new LinkageError("as the test wants it");
					case "memory" -> throw new OutOfMemoryError("as the test wants it");
					case "assertion" -> throw new AssertionError("as the test wants it");
					default -> payload;
				};
			}

		};
		try (TestListener server = TestListener.start(Map.of("failing", handler), "service=failing", "framing=lf",
				"concurrency=" + concurrency)) {
			for (String error : new String[] { "stack", "linkage", "memory", "assertion" }) {
				try (TestClient client = new TestClient(server.port())) {
					client.socket().setSoTimeout(10_000);
					client.send(ascii("before\n" + error + "\nafter\n"));
					assertThat(new String(client.receiveToEnd(), StandardCharsets.US_ASCII)).as(error)
						.isEqualTo("before\n");
					client.sendFin();
					assertThat(server.closed()).as(error).returns(CloseReason.SERVICE_FAILED, ClosedConnection::reason);
				}
			}
			try (TestClient client = new TestClient(server.port())) {
				client.socket().setSoTimeout(10_000);
				assertThat(client.send(ascii("served\n")).receive(7)).isEqualTo(ascii("served\n"));
				assertThat(client.sendFin().receiveToEnd()).isEmpty();
			}
			await().until(() -> server.registry().connections().isEmpty());
		}
	}

}
