package dev.echod.admin;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.echod.listener.Listeners;
import dev.echod.testing.AdminClient;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A service in this JVM, which the tests that extend this share, and its admin API.
 */
@AdminApi
abstract class StartedService {

	@Autowired
	Listeners listeners;

	@Value("${local.server.port}")
	int adminPort;

	@SuppressWarnings("NullAway.Init")
	AdminClient admin;

	private final Logger auditLogger = (Logger) LoggerFactory.getLogger("dev.echod.audit");

	private final ListAppender<ILoggingEvent> audited = new ListAppender<>();

	@BeforeEach
	void connect() {
		awaitNobody();
		this.admin = new AdminClient(this.adminPort);
		this.audited.start();
		this.auditLogger.setLevel(Level.INFO);
		this.auditLogger.addAppender(this.audited);
	}

	@AfterEach
	void disconnect() {
		this.auditLogger.detachAppender(this.audited);
		this.auditLogger.setLevel(null);
		this.admin.close();
	}

	/**
	 * Waits for the clients of the test before to be gone.
	 */
	void awaitNobody() {
		await().until(() -> this.listeners.all().stream().allMatch((each) -> each.totals().active() == 0));
	}

	List<String> auditLines() {
		return this.audited.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	/**
	 * Those of the tests' own address. Who was refused often is told of later, when
	 * another test may run: LoginApiTests guess from addresses of their own.
	 */
	List<String> auditLinesOfThisAddress() {
		return auditLines().stream().filter((line) -> !line.contains(" from 127.0.9.")).toList();
	}

	int port() {
		return Objects.requireNonNull(this.listeners.named("echo")).address().getPort();
	}

	/**
	 * A connection that has echoed this many bytes.
	 */
	TestClient connected(int bytes) throws IOException {
		TestClient client = new TestClient(port());
		byte[] message = TestClient.randomBytes(bytes, bytes);
		assertThat(client.send(message).receive(bytes)).isEqualTo(message);
		return client;
	}

	String idOf(TestClient client) throws Exception {
		String peer = "127.0.0.1:" + client.socket().getLocalPort();
		List<String> ids = this.admin.read("connections", "$.connections[?(@.peer == '%s')].id".formatted(peer));
		assertThat(ids).hasSize(1);
		return ids.getFirst();
	}

}
