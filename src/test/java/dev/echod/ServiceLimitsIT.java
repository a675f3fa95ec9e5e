package dev.echod;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.echod.testing.AdminClient;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged service where the system gives it no more, and what it throws on the
 * quiet.
 */
@Tag("long")
class ServiceLimitsIT {

	@ParameterizedTest
	@ValueSource(strings = { "selector", "thread" })
	void listenerWithoutFileDescriptorsNeitherSpinsNorFloodsTheLog(String concurrency) throws Exception {
		List<TestClient> clients = new ArrayList<>();
		try (EchodProcess echod = EchodProcess.serviceWithFileLimit(200, "--echod.listeners.many.port=0",
				"--echod.listeners.many.concurrency=" + concurrency)) {
			int port = echod.port("many");
			long linesBefore = echod.output().lines().count();
			for (int i = 0; i < 250; i++) {
				clients.add(new TestClient(port));
			}
			echod.awaitQuietProcessor();
			assertThat(echod.output().lines().count() - linesBefore).isLessThan(50);
			for (TestClient client : clients) {
				client.close();
			}
			await().atMost(Duration.ofSeconds(20)).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
				try (TestClient client = new TestClient(port)) {
					client.socket().setSoTimeout(2_000);
					return client.send(new byte[] { 7 }).receive(1).length == 1;
				}
			});
			assertThat(echod.output().lines().count() - linesBefore).isLessThan(50);
			assertThat(echod.output()).contains("many cannot accept connections for now",
					"many accepts connections again");
			try (AdminClient admin = new AdminClient(echod.adminPort())) {
				assertThat(admin.meter("echod_accept_errors_total{listener=\"many\"}")).isPositive();
			}
		}
		finally {
			for (TestClient client : clients) {
				client.close();
			}
		}
	}

	@Test
	void connectionThatComesAndGoesThrowsNothing() throws Exception {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(System.getProperty("echod.jvm-flags").split(" ")));
		command.addAll(List.of("-Xlog:exceptions=info", "-jar", System.getProperty("echod.jar"),
				"--echod.listeners.echo.port=0", "--server.port=0"));
		try (EchodProcess echod = EchodProcess.serviceBy(command)) {
			serveOne(echod.port());
			long before = exceptions(echod);
			for (int i = 0; i < 20; i++) {
				serveOne(echod.port());
			}
			// Written at once, as the process throws.
			assertThat(exceptions(echod) - before).isZero();
		}
	}

	private static void serveOne(int port) throws IOException {
		try (TestClient client = new TestClient(port)) {
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(client.sendFin().receiveToEnd()).isEmpty();
		}
	}

	private static long exceptions(EchodProcess echod) {
		return echod.output().lines().filter((line) -> line.contains("java.lang.ClassCastException")).count();
	}

}
