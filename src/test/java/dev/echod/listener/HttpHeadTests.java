package dev.echod.listener;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.OpenConnection;
import dev.echod.testing.TestClient;
import dev.echod.testing.UsedHeap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a request's head may be (RFC 9112, sections 3.2.2 and 5.2; RFC 6585, section 5),
 * with {@code max-frame} as it is when nobody sets it; and that no client makes the
 * listener keep more.
 */
class HttpHeadTests {

	private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n";

	private static TestListener http() {
		return TestListener.start("service=http", "framing=http");
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private static String answerTo(String request) throws IOException {
		try (TestListener server = http(); TestClient client = new TestClient(server.port())) {
			return new String(client.send(ascii(request)).sendFin().receiveToEnd(), StandardCharsets.US_ASCII);
		}
	}

	private static String fields(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "a%d: b\r\n".formatted(i)).collect(Collectors.joining());
	}

	@Test
	void headWithinTheLimitsIsAnswered() throws Exception {
		assertThat(answerTo(GET + fields(99) + "\r\n")).startsWith("HTTP/1.1 200");
		assertThat(answerTo(GET + fields(98) + "X: " + "x".repeat(12_000) + "\r\n\r\n")).startsWith("HTTP/1.1 200");
	}

	@Test
	void moreThanAHundredFieldsAreTooMany() throws Exception {
		assertThat(answerTo(GET + fields(100) + "\r\n")).startsWith("HTTP/1.1 431").containsOnlyOnce("HTTP/1");
	}

	@Test
	void moreThanSixteenKilobytesOfFieldsAreTooMany() throws Exception {
		assertThat(answerTo(GET + "X: " + "x".repeat(17 * 1024) + "\r\n\r\n")).startsWith("HTTP/1.1 431");
		String line = "x".repeat(400) + "\r\n";
		assertThat(answerTo(
				GET + IntStream.range(0, 50).mapToObj((i) -> "X%d: %s".formatted(i, line)).collect(Collectors.joining())
						+ "\r\n"))
			.startsWith("HTTP/1.1 431");
	}

	@ParameterizedTest
	@ValueSource(strings = { "X: a\r\n b\r\n", "X: a\r\n\tb\r\n", "X: a\r\n \r\nY: b\r\n" })
	void foldedFieldIsRefused(String folded) throws Exception {
		assertThat(answerTo(GET + folded + "\r\n")).startsWith("HTTP/1.1 400").containsOnlyOnce("HTTP/1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://host/", "http://host:80/?query", "http://host", "HTTP://host/" })
	void targetInAbsoluteFormIsUnderstood(String target) throws Exception {
		assertThat(answerTo("GET %s HTTP/1.1\r\nHost: host\r\n\r\n".formatted(target))).startsWith("HTTP/1.1 200");
	}

	@Test
	void otherTargetInAbsoluteFormIsNotFound() throws Exception {
		assertThat(answerTo("GET http://host/none HTTP/1.1\r\nHost: host\r\n\r\n")).startsWith("HTTP/1.1 404");
	}

	@ParameterizedTest
	@ValueSource(strings = { "b:c\r\n", "b:c\r\n d\r\n" })
	void clientsThatSendFieldsWithoutEndHoldNoMemory(String field) throws Exception {
		int clients = 12;
		byte[] fields = ascii(field.repeat(16 * 1024));
		try (TestListener server = http()) {
			long before = UsedHeap.bytes();
			TestClient[] all = new TestClient[clients];
			try {
				for (int i = 0; i < clients; i++) {
					all[i] = new TestClient(server.port());
					all[i].send(ascii(GET));
				}
				TestClient.inParallel(clients, (number) -> {
					try {
						for (int i = 0; i < 12; i++) {
							all[number].send(fields);
						}
					}
					catch (IOException ex) {
						// Closed, after its answer.
					}
				});
				await().atMost(Duration.ofSeconds(20))
					.until(() -> server.registry()
						.connections()
						.stream()
						.noneMatch((open) -> open.bytesReceived() < fields.length));
				assertThat(UsedHeap.bytes() - before).isLessThan(16L * 1024 * 1024);
			}
			finally {
				for (TestClient client : all) {
					if (client != null) {
						client.close();
					}
				}
			}
		}
	}

	@Test
	void whatFollowsTheLastRequestIsNotCounted() throws Exception {
		try (TestListener server = http(); TestClient client = new TestClient(server.port())) {
			String last = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
			client.send(ascii(last + (GET + "\r\n").repeat(50)));
			assertThat(new String(client.receiveToEnd(), StandardCharsets.US_ASCII)).containsOnlyOnce("HTTP/1.1 200");
			client.send(ascii((GET + "\r\n").repeat(50))).sendFin();
			assertThat(server.closed()).returns(1L, ClosedConnection::messages)
				.returns(CloseReason.CLOSED, ClosedConnection::reason);
		}
	}

	@Test
	void requestsAfterOurFinAreNotKept() throws Exception {
		byte[] requests = ascii("GET / HTTP/1.0\r\n\r\n".repeat(10_000));
		int rounds = 80;
		try (TestListener server = http(); TestClient client = new TestClient(server.port())) {
			client.send(ascii(GET + "\r\n")).receive(12);
			OpenConnection connection = server.connection();
			await().until(() -> !connection.isOwing());
			connection.closeIfQuiet(Duration.ZERO, CloseReason.DRAINED);
			client.receiveToEnd();
			long before = UsedHeap.bytes();
			for (int i = 0; i < rounds; i++) {
				client.send(requests);
			}
			await().atMost(Duration.ofSeconds(30))
				.until(() -> connection.bytesReceived() >= (long) requests.length * rounds);
			assertThat(UsedHeap.bytes() - before).isLessThan(8L * 1024 * 1024);
			client.sendFin();
			assertThat(server.closed()).returns(1L, ClosedConnection::messages)
				.returns(CloseReason.DRAINED, ClosedConnection::reason);
		}
	}

}
