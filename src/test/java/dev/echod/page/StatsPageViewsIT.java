package dev.echod.page;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.echod.testing.AdminClient;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Each view of the stats page, light and dark, wide and narrow: axe-core finds nothing
 * wrong, nothing is wider than the window, and {@code target/screenshots} shows what it
 * looks like.
 */
@Tag("long")
class StatsPageViewsIT {

	private static final List<String> VIEWS = List.of("overview", "connections", "closed", "drain", "audit",
			"certificates");

	@AutoClose
	@SuppressWarnings("NullAway.Init")
	private static Browser browser;

	@AutoClose
	@SuppressWarnings("NullAway.Init")
	private static EchodProcess service;

	private static final List<TestClient> CLIENTS = new ArrayList<>();

	@BeforeAll
	static void start(@TempDir Path folder) throws Exception {
		browser = Browser.start();
		TestCertificates authority = TestCertificates.authority("Example authority");
		TestCertificates.write(authority.server("localhost"), folder);
		service = EchodProcess.administered("--echod.listeners.chat.port=0", "--echod.listeners.chat.framing=lf",
				"--echod.listeners.chat.service=broadcast", "--echod.listeners.secure.port=0",
				"--echod.listeners.secure.tls.bundle=web", "--echod.listeners.strict.port=0",
				"--echod.listeners.strict.access.deny=127.0.0.0/8",
				"--spring.ssl.bundle.pem.web.keystore.certificate=file:%s/tls.crt".formatted(folder),
				"--spring.ssl.bundle.pem.web.keystore.private-key=file:%s/tls.key".formatted(folder));
		for (int i = 1; i <= 12; i++) {
			connect(new TestClient(service.port("echo"), "127.0.0." + i), "hello\n".repeat(i * i));
		}
		connect(new TestClient(service.port("chat")), "hello\n");
		connect(new TestClient(service.port("secure"),
				new TestClient.Tls(authority.clientContext(null), "TLSv1.3", "localhost")), "hello\n");
		for (int i = 0; i < 3; i++) {
			knock(service.port("strict"));
		}
		try (AdminClient admin = new AdminClient(service.adminPort())) {
			admin.call(AdminClient.OPERATOR, "POST", "listeners/chat",
					"{\"state\": \"PAUSED\", \"reason\": \"its members move to another zone\"}");
			admin.call(AdminClient.OPERATOR, "POST", "probe",
					"{\"host\": \"localhost\", \"port\": %d, \"count\": 5}".formatted(service.port("echo")));
		}
		new StatsPage(browser, service).logInAsOperator();
	}

	private static void connect(TestClient client, String text) throws Exception {
		CLIENTS.add(client);
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		assertThat(client.send(bytes).receive(bytes.length)).isEqualTo(bytes);
	}

	private static void knock(int port) throws IOException {
		try {
			new TestClient(port).close();
		}
		catch (SocketException ex) {
			// It may be turned away while it connects.
		}
	}

	@AfterAll
	static void leave() throws Exception {
		for (TestClient client : CLIENTS) {
			client.close();
		}
	}

	@Test
	void nothingJumps() {
		StatsPage page = new StatsPage(browser, service).show("overview");
		for (String width : new String[] { "wide", "narrow" }) {
			browser.resize(width.equals("wide") ? Browser.WIDE : Browser.NARROW);
			browser.reload();
			page.awaitState("serving");
			for (int i = 0; i < 3; i++) {
				String uptime = browser.text(".service .facts");
				await().until(() -> !browser.text(".service .facts").equals(uptime));
			}
			assertThat(browser.<Number>run("""
					return new Promise((done) => {
					  let sum = 0;
					  new PerformanceObserver((list) => list.getEntries().forEach((each) => sum += each.value))
					    .observe({ type: 'layout-shift', buffered: true });
					  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
					});
					""").doubleValue()).as(width).isLessThan(0.02);
		}
		browser.resize(Browser.WIDE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void eachViewIsInOrder(String scheme) throws Exception {
		browser.prefer(scheme);
		StatsPage page = new StatsPage(browser, service);
		for (String view : VIEWS) {
			page.show(view);
			browser.find(view.equals("overview") || view.equals("drain") ? "canvas[aria-label*='now']" : "tbody tr");
			if (browser.count("button.opener") > 0) {
				browser.click("button.opener");
			}
			for (int width : new int[] { Browser.WIDE, Browser.NARROW }) {
				browser.resize(width);
				assertThat(browser.faults()).as("%s, %s, %d pixels", view, scheme, width).isEmpty();
				assertThat(browser.scrollsSideways()).as("%s, %s, %d pixels", view, scheme, width).isFalse();
				browser.screenshot("%s-%s-%d".formatted(view, scheme, width), width);
			}
			browser.resize(Browser.WIDE);
		}
		assertThat(browser.console()).isEmpty();
	}

}
