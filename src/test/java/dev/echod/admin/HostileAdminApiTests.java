package dev.echod.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that break off, or are no HTTP: nothing is done, and nothing logged that looks
 * like a fault of the service.
 */
class HostileAdminApiTests extends StartedService {

	/**
	 * What goes on behind a broken request may take longer than its answer: one of so
	 * many shows it.
	 */
	private static final int TIMES = 20;

	private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

	private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.logged.start();
		this.root.addAppender(this.logged);
	}

	@AfterEach
	void stopListening() throws Exception {
		this.root.detachAppender(this.logged);
		this.admin.call(OPERATOR, "DELETE", "drain", "");
	}

	private TestClient asked(String header, String body) throws IOException {
		TestClient client = new TestClient(this.adminPort);
		client.send(String
			.join("\r\n", "POST /actuator/drain HTTP/1.1", "Host: localhost",
					"Authorization: Basic b3BlcmF0b3I6c2VjcmV0", "Content-Type: application/json", header, "", body)
			.getBytes(StandardCharsets.US_ASCII));
		return client;
	}

	private void assertNothingHappened() throws Exception {
		assertThat(this.admin.<String>read("drain", "$.state")).isEqualTo("SERVING");
		assertThat(auditLinesOfThisAddress()).isEmpty();
		assertThat(this.logged.list.stream().filter((line) -> line.getLevel().isGreaterOrEqual(Level.ERROR))).isEmpty();
		assertThat(this.logged.list.stream().filter((line) -> line.getThrowableProxy() != null)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ZZ\r\n", "2\r\n{}ZZ\r\n", "2\r\n{}\r\nZZ\r\n" })
	void nothingIsDoneThatCameWithABrokenBody(String body) throws Exception {
		for (int i = 0; i < TIMES; i++) {
			try (TestClient client = asked("Transfer-Encoding: chunked", body)) {
				assertThat(new String(client.receiveToEnd(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 400");
			}
			assertNothingHappened();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 60", "Transfer-Encoding: chunked" })
	void whoLeavesWithinTheBodyIsNoFault(String header) throws Exception {
		for (int i = 0; i < TIMES; i++) {
			try (TestClient client = asked(header, "d\r\n{\"reason\":\"a")) {
				assertThat(client.sendFin().receiveToEnd()).isEmpty();
			}
			assertNothingHappened();
		}
	}

	@Test
	void bodyThatIsAnnouncedAndWaitsForItsLeaveIsTaken() throws Exception {
		try (TestClient client = asked("Content-Length: 18\r\nConnection: close\r\nExpect: 100-continue", "")) {
			String leave = "HTTP/1.1 100 Continue\r\n";
			assertThat(client.receive(leave.length())).asString(StandardCharsets.US_ASCII).isEqualTo(leave);
			client.send("{\"announce\":\"24h\"}".getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(client.receiveToEnd(), StandardCharsets.UTF_8)).contains("HTTP/1.1 202");
		}
	}

}
