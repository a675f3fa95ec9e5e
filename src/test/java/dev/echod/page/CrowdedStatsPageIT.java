package dev.echod.page;

import java.util.ArrayList;
import java.util.List;

import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The stats page while as many are connected as one process can hold.
 */
@Tag("long")
class CrowdedStatsPageIT {

	private static final int CONNECTIONS = 15_000;

	@AutoClose
	@SuppressWarnings("NullAway.Init")
	private static Browser browser;

	@AutoClose
	@SuppressWarnings("NullAway.Init")
	private static EchodProcess service;

	private static final List<TestClient> CLIENTS = new ArrayList<>();

	@BeforeAll
	static void start() throws Exception {
		browser = Browser.start();
		service = EchodProcess.administered();
		for (int i = 0; i < CONNECTIONS; i++) {
			CLIENTS.add(new TestClient(service.port("echo"), "127.0.%d.1".formatted(i % 10)));
		}
	}

	@AfterAll
	static void leave() throws Exception {
		for (TestClient client : CLIENTS) {
			client.close();
		}
	}

	@Test
	void connectionsAreFilteredSortedAndPagedAmongFifteenThousand() throws Exception {
		CLIENTS.get(7).send(new byte[4096]).receive(4096);
		new StatsPage(browser, service).logInAsOperator().show("connections");
		browser.awaitText(".range", "1 to 50 of 15,000 connections");
		browser.press("Last");
		browser.awaitText(".range", "14,951 to 15,000 of 15,000");
		browser.press("First");
		browser.press("Received");
		browser.awaitText(".view tbody tr:first-child", "4.00 KB");
		browser.type("[name=peer]", "127.0.3.0/24");
		browser.press("Apply");
		browser.awaitText(".range", "1 to 50 of 1,500 connections, 15,000 in all");
		browser.press("Close what matches…");
		browser.button("Close 1,500 connections");
		browser.press("Leave it");
		browser.choose("[name=by]", "peer");
		browser.press("Clear");
		browser.choose("[name=by]", "peer");
		browser.awaitText(".range", "10 addresses");
		assertThat(browser.console()).isEmpty();
	}

}
