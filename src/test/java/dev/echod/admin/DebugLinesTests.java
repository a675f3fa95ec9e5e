package dev.echod.admin;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

import ch.qos.logback.classic.Level;
import dev.echod.EchodApplication;
import dev.echod.listener.Listeners;
import dev.echod.testing.AdminClient;
import dev.echod.testing.LogCapture;
import dev.echod.testing.TestClient;
import dev.echod.transport.EchoServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What debug tells of connections that no event loop answers by itself: that they came
 * and went, and nothing of each message.
 */
class DebugLinesTests {

	private static final int MESSAGES = 50;

	@SuppressWarnings("NullAway.Init")
	private static EchoServer upstream;

	@SuppressWarnings("NullAway.Init")
	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() {
		upstream = EchoServer.start(EchoServer.engines().getFirst());
		context = new SpringApplication(EchodApplication.class).run("--server.port=0",
				"--echod.admin.operator.password=secret", "--echod.listeners.echo.enabled=false",
				"--echod.listeners.thread.port=0", "--echod.listeners.thread.concurrency=thread",
				"--echod.listeners.process.port=0", "--echod.listeners.process.concurrency=process",
				"--echod.listeners.process.command=cat", "--echod.listeners.selector.port=0",
				"--echod.listeners.selector.concurrency=selector", "--echod.listeners.selector.framing=lf",
				"--echod.listeners.relay.port=0", "--echod.listeners.relay.service=relay",
				"--echod.listeners.relay.framing=lf", "--echod.listeners.relay.relay.host=127.0.0.1",
				"--echod.listeners.relay.relay.connections=1", "--echod.listeners.relay.relay.port=" + upstream.port());
	}

	@AfterAll
	static void stop() {
		context.close();
		upstream.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "thread", "process", "selector", "relay" })
	void eachConnectionHasItsLinesAndNoMessageHasOne(String listener) throws Exception {
		int adminPort = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		int port = Objects.requireNonNull(context.getBean(Listeners.class).named(listener)).address().getPort();
		try (AdminClient admin = new AdminClient(adminPort); LogCapture log = new LogCapture()) {
			level(admin, "\"DEBUG\"");
			try (TestClient client = new TestClient(port)) {
				exchange(client);
				client.sendFin().receiveToEnd();
				await().until(() -> lines(log).stream().anyMatch((line) -> line.contains(listener + "-1 of ")));
			}
			finally {
				level(admin, "null");
			}
			assertThat(lines(log)).hasSizeLessThan(MESSAGES / 2);
		}
	}

	private static void exchange(TestClient client) throws IOException {
		for (int i = 0; i < MESSAGES; i++) {
			assertThat(client.send(new byte[] { 'a', '\n' }).receive(2)).containsExactly('a', '\n');
		}
	}

	private static void level(AdminClient admin, String level) throws Exception {
		assertThat(admin.call(OPERATOR, "POST", "loggers/dev.echod", "{\"configuredLevel\":%s}".formatted(level))
			.statusCode()).isEqualTo(204);
	}

	private static List<String> lines(LogCapture log) {
		return log.atLeast(Level.DEBUG).stream().filter((line) -> line.startsWith("dev.echod.")).toList();
	}

}
