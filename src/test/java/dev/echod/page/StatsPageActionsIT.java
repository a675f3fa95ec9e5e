package dev.echod.page;

import java.util.ArrayList;
import java.util.List;

import dev.echod.testing.AdminClient;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What people do on the stats page, and what they are told.
 */
@Tag("long")
class StatsPageActionsIT {

	@AutoClose
	@SuppressWarnings("NullAway.Init")
	private static Browser browser;

	@AutoClose
	@SuppressWarnings("NullAway.Init")
	private static EchodProcess service;

	@AutoClose
	@SuppressWarnings("NullAway.Init")
	private static AdminClient admin;

	private final List<TestClient> clients = new ArrayList<>();

	@SuppressWarnings("NullAway.Init")
	private StatsPage page;

	@BeforeAll
	static void start() throws Exception {
		browser = Browser.start();
		service = EchodProcess.administered("--echod.listeners.second.port=0");
		admin = new AdminClient(service.adminPort());
	}

	@BeforeEach
	void comeAnew() {
		await().until(() -> admin.<Integer>read("connections", "$.total") == 0);
		browser.forget();
		this.page = new StatsPage(browser, service);
	}

	@AfterEach
	void leave() throws Exception {
		// Only where a test left it.
		admin.call(AdminClient.OPERATOR, "DELETE", "drain", "");
		for (TestClient client : this.clients) {
			client.close();
		}
		assertThat(browser.console()).isEmpty();
	}

	private TestClient connected(int port) throws Exception {
		TestClient client = new TestClient(port);
		this.clients.add(client);
		assertThat(client.send(new byte[1]).receive(1)).hasSize(1);
		return client;
	}

	@Test
	void wrongPasswordIsRefusedInWordsAndTheRightOneLetsIn() {
		this.page.logIn("viewer", "guess");
		browser.awaitText("#refused", "is wrong");
		assertThat(browser.faults()).isEmpty();
		this.page.giveLogin("viewer", "look").awaitState("serving");
		browser.awaitText("#user", "viewer (viewer)");
	}

	@Test
	void whoHasToWaitIsToldForHowLong() {
		browser.open("http://127.0.0.1:%d/login?wait=60".formatted(service.adminPort()));
		browser.awaitText("#refused", "too many wrong passwords");
		assertThat(browser.text("[type=submit]")).contains("in ");
		assertThat(browser.faults()).isEmpty();
		browser.open("http://127.0.0.1:%d/login?wait=1".formatted(service.adminPort()));
		browser.button("Log in");
	}

	@Test
	void whatIsHeldDoesNotChangeByItself() throws Exception {
		this.page.logInAsOperator().show("connections");
		browser.awaitText(".empty", "Nobody is connected.");
		browser.press("Hold");
		connected(service.port("echo"));
		// Asked for by a person, it is shown nevertheless.
		browser.press("Apply");
		browser.awaitText(".range", "1 connection");
		connected(service.port("echo"));
		browser.press("Hold");
		browser.awaitText(".range", "2 connections");
	}

	@Test
	void viewerIsShownNoActions() throws Exception {
		connected(service.port("echo"));
		this.page.logInAsViewer();
		browser.find(".listeners");
		assertThat(browser.text("main")).doesNotContain("Pause", "Actions");
		this.page.show("connections");
		browser.click("button.opener");
		browser.find("tr.details");
		assertThat(browser.count("main button.danger")).isZero();
		this.page.show("drain");
		browser.find(".timeline");
		assertThat(browser.count("main form, main button")).isZero();
	}

	@Test
	void pageGoesOnWithALoginOfAnotherTab() {
		this.page.logInAsOperator();
		logInBeside("operator", "secret");
		browser.awaitText("#stream", "The connection to the service is lost");
		this.page.awaitState("serving");
		browser.click("[aria-label='Pause second']");
		this.page.confirm("maintenance", "Pause");
		browser.click("[aria-label='Resume second']");
		this.page.confirm("done", "Resume");
		logInBeside("viewer", "look");
		browser.awaitText("#user", "viewer (viewer)");
		browser.find(".listeners");
		assertThat(browser.text("main")).doesNotContain("Pause", "Actions");
	}

	private static void logInBeside(String name, String password) {
		long status = browser.<Long>run("""
				const [username, password] = arguments;
				return fetch('login', { method: 'POST', body: new URLSearchParams({ username, password }) })
				  .then((answer) => answer.status);
				""", name, password);
		assertThat(status).isEqualTo(204);
	}

	@Test
	void whoLogsOutIsAskedForThePasswordAgain() {
		this.page.logInAsOperator();
		browser.press("Log out");
		browser.awaitUrl("/login");
		browser.find("[name=password]");
	}

	@Test
	void whatTheServiceObjectsToIsSaidInItsWords() {
		this.page.logInAsOperator().show("connections");
		browser.type("[name=peer]", "nowhere");
		browser.press("Apply");
		browser.awaitText("main .problem", "nowhere");
		browser.press("Clear");
		browser.awaitText(".range", "0 connections");
		assertThat(browser.console()).allMatch((line) -> line.contains("400"));
	}

	@Test
	void whatAFilterMatchesIsClosedAfterADryRunUnlessItIsOthersMeanwhile() throws Exception {
		TestClient spared = connected(service.port("echo"));
		List<TestClient> matched = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			matched.add(connected(service.port("second")));
		}
		this.page.logInAsOperator().show("connections");
		browser.awaitText(".range", "of 4 connections");
		assertThat(browser.find(".above button.danger").isEnabled()).isFalse();
		browser.choose("[name=listener]", "second");
		browser.press("Close what matches…");
		browser.awaitText("dialog .found", "3 connections match listener=second");
		browser.button("Close 3 connections");
		assertThat(browser.faults()).isEmpty();
		matched.add(connected(service.port("second")));
		browser.type("dialog [name=reason]", "moved");
		browser.press("Close 3 connections");
		browser.awaitText("dialog .problem", "4");
		assertThat(browser.console()).allMatch((line) -> line.contains("409"));
		browser.press("Close 4 connections");
		for (TestClient client : matched) {
			assertThat(client.receiveToEnd()).isEmpty();
		}
		browser.awaitText("#notice", "4 connections told to close.");
		assertThat(spared.send(new byte[1]).receive(1)).hasSize(1);
		this.page.show("audit");
		browser.awaitText(".view tbody", "4 graceful, of listener=second");
	}

	@Test
	void pacedCloseIsWatchedAndCalledOff() throws Exception {
		for (int i = 0; i < 20; i++) {
			connected(service.port("second"));
		}
		this.page.logInAsOperator().show("connections");
		browser.choose("[name=listener]", "second");
		browser.press("Close what matches…");
		browser.type("dialog [name=closesPerSecond]", "1");
		browser.type("dialog [name=reason]", "moved");
		browser.awaitText("dialog .found", "takes 20 s");
		browser.press("Close 20 connections");
		browser.awaitText(".running", "of 20 told to close");
		browser.press("Call it off");
		this.page.confirm("enough", "Call it off");
		browser.awaitCount(".running", 0);
		assertThat(admin.<String>read("bulkclose", "$.state")).isEqualTo("CANCELLED");
	}

	@Test
	void drainIsStartedWatchedAndCalledOff() throws Exception {
		TestClient client = connected(service.port("echo"));
		this.page.logInAsOperator().show("drain");
		browser.type("[name=quiet]", "1m");
		browser.type("[name=deadline]", "2m");
		browser.type("form.start [name=reason]", "kernel update");
		browser.press("Start the drain…");
		browser.awaitText("dialog", "1 connection will be asked to go");
		browser.click("dialog [type=submit]");
		this.page.awaitState("draining");
		browser.awaitText(".told", "1 of 1 connection remains");
		browser.awaitText("main .facts", "kernel update");
		assertThat(browser.count("form.start")).isZero();
		assertThat(browser.faults()).isEmpty();
		browser.press("Call it off…");
		this.page.confirm("all is well", "Call it off");
		this.page.awaitState("serving");
		browser.awaitText("main .facts", "cancelled");
		assertThat(client.send(new byte[1]).receive(1)).hasSize(1);
		this.page.show("audit");
		browser.awaitText(".view tbody", "drain cancelled");
	}

	@Test
	void drainThatEndsSaysHow() throws Exception {
		TestClient client = connected(service.port("echo"));
		this.page.logInAsOperator().show("drain");
		browser.type("[name=quiet]", "0s");
		browser.type("form.start [name=reason]", "rehearsal");
		browser.press("Start the drain…");
		browser.click("dialog [type=submit]");
		assertThat(client.receiveToEnd()).isEmpty();
		client.close();
		this.page.awaitState("drained");
		browser.awaitText(".timeline [aria-current]", "clean");
		browser.press("Call it off…");
		this.page.confirm("rehearsed", "Call it off");
		this.page.awaitState("serving");
	}

	@Test
	void listenerIsPausedProbedAndResumed() {
		this.page.logInAsOperator();
		browser.click("[aria-label='Probe second']");
		browser.click("dialog [type=submit]");
		browser.awaitText("#notice", "second echoed: median");
		browser.find(".listeners [title$=' ago']");
		browser.click("[aria-label='Pause second']");
		this.page.confirm("maintenance", "Pause");
		browser.awaitText(".listeners tbody", "paused");
		browser.click("[aria-label='Resume second']");
		this.page.confirm("done", "Resume");
		browser.find("[aria-label='Pause second']");
	}

	@Test
	void reloadShowsThePast() throws Exception {
		for (int i = 0; i < 7; i++) {
			connected(service.port("second"));
		}
		this.page.logInAsOperator();
		browser.awaitText(".listeners tbody", "of 7 at most");
		for (TestClient client : this.clients) {
			client.close();
		}
		browser.find("canvas[aria-label*='Connections of second'][aria-label*='now 0']");
		browser.reload();
		browser.find("canvas[aria-label*='Connections of second'][aria-label*='most 7']");
	}

	@Test
	void questionGoesWithItsView() throws Exception {
		connected(service.port("echo"));
		this.page.logInAsOperator().show("connections");
		browser.click("button.opener");
		browser.press("Close…");
		browser.find("dialog");
		browser.<Boolean>run("history.back(); return true");
		browser.find("nav a[href='#/overview'][aria-current]");
		browser.awaitCount("dialog", 0);
	}

	@Test
	void samplesOfAClockThatWasSetBackAreShown() {
		this.page.logInAsOperator();
		String latest = browser
			.run("""
					return import('/assets/samples.js').then(({ Samples }) => {
					  const samples = new Samples();
					  for (const [at, uptimeSeconds] of [['10:00:00', 1], ['10:00:01', 2], ['09:00:02', 3], ['09:00:03', 4]]) {
					    samples.add({ start: 'then', at: `2030-01-01T${at}Z`, uptimeSeconds });
					  }
					  return samples.latest.at;
					});
					""");
		assertThat(latest).contains("09:00:03");
	}

	@Test
	void keyboardIsEnough() throws Exception {
		connected(service.port("echo"));
		browser.open("http://127.0.0.1:%d/".formatted(service.adminPort()));
		browser.find("[name=username]:focus");
		browser.keys("operator", Keys.TAB, "secret", Keys.ENTER);
		this.page.awaitState("serving");
		browser.keys(Keys.TAB);
		assertThat(browser.hasFocus(".skip")).isTrue();
		browser.keys(Keys.ENTER);
		assertThat(browser.hasFocus("main")).isTrue();
		browser.tabTo("nav a[href='#/connections']");
		browser.keys(Keys.ENTER);
		browser.find("button.opener");
		browser.tabTo("button.opener");
		browser.keys(Keys.ENTER);
		browser.tabTo("tr.details button");
		browser.keys(Keys.ENTER);
		browser.find("dialog");
		assertThat(browser.hasFocus("dialog [name=reason]")).isTrue();
		browser.keys(Keys.ESCAPE);
		browser.awaitCount("dialog", 0);
		assertThat(browser.hasFocus("tr.details button")).isTrue();
	}

	@Test
	void focusStaysWhereItIsThoughTheRowMoves() throws Exception {
		TestClient first = connected(service.port("echo"));
		TestClient second = connected(service.port("second"));
		talk(first, 2);
		this.page.logInAsOperator().show("connections");
		browser.press("Messages");
		browser.awaitText("main tbody tr:first-child", "echo");
		browser.tabTo("main tbody tr:last-child button.opener");
		talk(second, 5);
		browser.awaitText("main tbody tr:first-child", "second");
		assertThat(browser.hasFocus("main tbody tr:first-child button.opener")).isTrue();
	}

	@Test
	void focusStaysOnALinkWhileTheFiguresChange() throws Exception {
		connected(service.port("echo"));
		this.page.logInAsOperator().show("connections");
		browser.choose("[name=by]", "peer");
		browser.find("main tbody a");
		browser.tabTo("main tbody a");
		connected(service.port("echo"));
		browser.awaitText("main .table:not([hidden]) td.numeric", "2");
		assertThat(browser.hasFocus("main tbody a")).isTrue();
	}

	private static void talk(TestClient client, int times) throws Exception {
		for (int i = 0; i < times; i++) {
			assertThat(client.send(new byte[1]).receive(1)).hasSize(1);
		}
	}

	@Test
	void themeThatWasChosenIsKept() {
		browser.prefer("light");
		this.page.logInAsOperator();
		String light = browser.run("return getComputedStyle(document.body).backgroundColor");
		browser.press("Theme: system");
		browser.press("Theme: light");
		browser.button("Theme: dark");
		browser.reload();
		browser.button("Theme: dark");
		assertThat(browser.<String>run("return getComputedStyle(document.body).backgroundColor")).isNotEqualTo(light);
		browser.press("Theme: dark");
		browser.button("Theme: system");
	}

}
