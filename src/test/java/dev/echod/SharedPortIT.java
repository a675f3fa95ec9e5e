package dev.echod;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.echod.testing.AdminClient;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.Readme;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several processes on one port, started by the commands of the page about serving.
 */
@Tag("long")
@EnabledOnOs(OS.LINUX)
class SharedPortIT {

	/**
	 * That all of so many come to the same of two is as likely as one in 2^39.
	 */
	private static final int CLIENTS = 40;

	/**
	 * What each is started with, but for the ports.
	 */
	private static List<String[]> arguments() throws Exception {
		return Readme.blocks("## Several processes on one port", "sh")
			.stream()
			.flatMap(String::lines)
			.map((command) -> Stream.of(command.split(" "))
				.filter((argument) -> argument.startsWith("--") && !argument.startsWith("--server.port="))
				.toArray(String[]::new))
			.toList();
	}

	@Test
	void oneTakesOverFromAnother() throws Exception {
		List<String[]> arguments = arguments();
		assertThat(arguments).hasSize(2);
		List<TestClient> clients = new ArrayList<>();
		try (EchodProcess first = EchodProcess.serviceOn(0, 0, arguments.getFirst());
				EchodProcess other = EchodProcess.serviceOn(first.port(), 0, arguments.getLast());
				AdminClient admin = new AdminClient(first.adminPort());
				AdminClient otherAdmin = new AdminClient(other.adminPort())) {
			for (int i = 0; i < CLIENTS; i++) {
				clients.add(new TestClient(first.port()));
				assertThat(clients.getLast().send(new byte[] { 7 }).receive(1)).containsExactly(7);
			}
			double here = opened(admin);
			assertThat(here).isBetween(1.0, CLIENTS - 1.0);
			assertThat(opened(otherAdmin)).isEqualTo(CLIENTS - here);
			first.terminate();
			await().atMost(EchodProcess.START_TIMEOUT).until(() -> first.output().contains("new clients are refused"));
			for (int i = 0; i < CLIENTS; i++) {
				clients.add(new TestClient(other.port()));
				assertThat(clients.getLast().send(new byte[] { 8 }).receive(1)).containsExactly(8);
			}
			assertThat(opened(otherAdmin)).isEqualTo(2 * CLIENTS - here);
			assertThat(otherAdmin.meter("echod_connections_active{listener=\"echo\"}")).isEqualTo(2 * CLIENTS - here);
			for (TestClient client : clients.subList(0, CLIENTS)) {
				client.close();
			}
			assertThat(first.awaitExit()).isZero();
		}
		finally {
			for (TestClient client : clients) {
				client.close();
			}
		}
	}

	private static double opened(AdminClient admin) throws Exception {
		return admin.meter("echod_connections_opened_total{listener=\"echo\"}");
	}

}
