package dev.echod.page;

import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The stats page outlives the service, says how it ended, and finds the next.
 */
@Tag("long")
class ServiceEndIT {

	@AutoClose
	@SuppressWarnings("NullAway.Init")
	private static Browser browser;

	@BeforeAll
	static void start() throws Exception {
		browser = Browser.start();
	}

	@BeforeEach
	void comeAnew() {
		browser.forget();
	}

	@Test
	void pageSaysThatTheServiceEndedCleanAndFindsTheNext() throws Exception {
		int port;
		int adminPort;
		try (EchodProcess service = EchodProcess.administered()) {
			port = service.port("echo");
			adminPort = service.adminPort();
			new StatsPage(browser, service).logInAsOperator();
			assertThat(browser.console()).isEmpty();
			service.terminate();
			assertThat(service.awaitExit()).isZero();
			browser.awaitText("#stream", "The service has ended: clean, exit code 0.");
			assertThat(browser.faults()).isEmpty();
		}
		try (EchodProcess next = EchodProcess.serviceOn(port, adminPort)) {
			assertThat(next.adminPort()).isEqualTo(adminPort);
			browser.awaitUrl("/login");
		}
	}

	@Test
	void pageSaysThatTheEndWasForced() throws Exception {
		try (EchodProcess service = EchodProcess.administered("--echod.drain.quiet=1m", "--echod.drain.deadline=2s");
				TestClient client = new TestClient(service.port("echo"))) {
			assertThat(client.send(new byte[1]).receive(1)).hasSize(1);
			StatsPage page = new StatsPage(browser, service).logInAsOperator();
			service.terminate();
			page.awaitState("draining");
			browser.awaitText("#stream", "The service has ended: forced, exit code 4.");
		}
	}

	@Test
	void pageSaysThatTheServiceIsLostWhenItStandsStill() throws Exception {
		try (EchodProcess service = EchodProcess.administered()) {
			StatsPage page = new StatsPage(browser, service).logInAsOperator();
			signal(service, "STOP");
			try {
				browser.awaitText("#stream", "The connection to the service is lost");
			}
			finally {
				signal(service, "CONT");
			}
			page.awaitState("serving");
		}
	}

	private static void signal(EchodProcess service, String name) throws Exception {
		long pid = service.process().pid();
		assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor()).isZero();
	}

	@Test
	void pageSaysThatTheServiceIsLost() throws Exception {
		try (EchodProcess service = EchodProcess.administered()) {
			StatsPage page = new StatsPage(browser, service).logInAsOperator();
			service.process().destroyForcibly().waitFor();
			browser.awaitText("#stream", "The connection to the service is lost");
			page.awaitState("not connected");
		}
	}

}
