package dev.echod.page;

import java.io.IOException;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The stats page of the packaged service: an operator finds a client, and closes its
 * connection.
 */
class StatsPageIT {

	@AutoClose
	@SuppressWarnings("NullAway.Init")
	private static Browser browser;

	@AutoClose
	@SuppressWarnings("NullAway.Init")
	private static EchodProcess service;

	@BeforeAll
	static void start() throws Exception {
		browser = Browser.start();
		service = EchodProcess.administered("--echod.listeners.second.port=0");
	}

	@Test
	void jarHasOneFileOfChartJsAndItsLicence() throws IOException {
		try (JarFile jar = new JarFile(System.getProperty("echod.jar"))) {
			assertThat(jar.stream().map(JarEntry::getName))
				.filteredOn((name) -> name.contains("chart") && !name.endsWith("/time-chart.js"))
				.containsExactlyInAnyOrder("BOOT-INF/classes/stats/chart.umd.js",
						"BOOT-INF/classes/stats/chart.umd.js.LICENSE.md");
		}
	}

	@Test
	void operatorFindsAClientAndClosesItsConnection() throws Exception {
		StatsPage page = new StatsPage(browser, service).logInAsOperator();
		try (TestClient other = new TestClient(service.port("second"));
				TestClient client = new TestClient(service.port("echo"))) {
			assertThat(client.send(new byte[3]).receive(3)).hasSize(3);
			assertThat(other.send(new byte[3]).receive(3)).hasSize(3);
			page.show("connections");
			browser.awaitCount(".view tbody tr", 2);
			browser.choose("[name=listener]", "echo");
			browser.awaitText(".range", "1 to 1 of 1 connections, 2 in all");
			browser.click("button.opener");
			assertThat(browser.text("tr.details")).contains("127.0.0.1:" + client.socket().getLocalPort(), "3 bytes");
			browser.press("Close…");
			page.confirm("<b>moved</b> to \"another\" zone", "Close it");
			assertThat(client.receiveToEnd()).isEmpty();
			page.show("closed");
			browser.awaitText(".view tbody", "operator closed");
			browser.click("button.opener");
			browser.awaitText("tr.details", "<b>moved</b> to \"another\" zone");
		}
		assertThat(browser.console()).isEmpty();
	}

}
