package dev.echod;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.echod.testing.AdminClient;
import dev.echod.testing.Balancer;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged service with a log that nobody reads, as a stuck collector leaves it.
 */
@Tag("long")
class BlockedLogIT {

	/**
	 * More lines than a pipe takes, which is some hundred.
	 */
	private static final int CONNECTIONS = 2_000;

	@Test
	void logThatNobodyReadsHoldsUpNeitherClientsNorOperatorsNorTheEnd() throws Exception {
		List<Integer> ports = Balancer.freePorts(2);
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(System.getProperty("echod.jvm-flags").split(" ")));
		command.addAll(List.of("-jar", System.getProperty("echod.jar"), "--echod.access-log=opened-and-closed",
				"--echod.listeners.echo.port=" + ports.getFirst(), "--server.port=" + ports.getLast()));
		command.add("--echod.admin.operator.password=secret");
		Process echod = new ProcessBuilder(command).redirectErrorStream(true).start();
		try (AdminClient admin = new AdminClient(ports.getLast())) {
			await().atMost(Duration.ofMinutes(1))
				.ignoreExceptionsInstanceOf(ConnectException.class)
				.until(() -> isServed(ports.getFirst()));
			for (int i = 0; i < CONNECTIONS; i++) {
				assertThat(isServed(ports.getFirst())).isTrue();
			}
			assertThat(admin.call(AdminClient.OPERATOR, "DELETE", "connections?olderThan=1h", "").statusCode())
				.isEqualTo(200);
			echod.toHandle().destroy();
			assertThat(echod.waitFor(1, TimeUnit.MINUTES)).isTrue();
			assertThat(echod.exitValue()).isZero();
		}
		finally {
			echod.destroyForcibly().onExit().join();
		}
	}

	private static boolean isServed(int port) throws IOException {
		try (TestClient client = new TestClient(port)) {
			return client.send(new byte[] { 1 }).receive(1).length == 1;
		}
	}

}
