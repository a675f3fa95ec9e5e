package dev.echod.page;

import dev.echod.testing.EchodProcess;

/**
 * What people do on the stats page of a service.
 */
final class StatsPage {

	private final Browser browser;

	private final String address;

	StatsPage(Browser browser, EchodProcess service) {
		this.browser = browser;
		this.address = "http://127.0.0.1:%d/".formatted(service.adminPort());
	}

	/**
	 * Comes without a login, and gives this name and password.
	 */
	StatsPage logIn(String name, String password) {
		this.browser.open(this.address);
		this.browser.awaitUrl("/login");
		return giveLogin(name, password);
	}

	StatsPage giveLogin(String name, String password) {
		this.browser.type("[name=username]", name);
		this.browser.type("[name=password]", password);
		this.browser.press("Log in");
		return this;
	}

	StatsPage logInAsOperator() {
		logIn("operator", "secret");
		return awaitState("serving");
	}

	StatsPage logInAsViewer() {
		logIn("viewer", "look");
		return awaitState("serving");
	}

	StatsPage awaitState(String state) {
		this.browser.awaitText("#service", state);
		return this;
	}

	/**
	 * Follows the link to a view.
	 */
	StatsPage show(String view) {
		this.browser.click("nav a[href='#/%s']".formatted(view));
		this.browser.find("nav a[href='#/%s'][aria-current]".formatted(view));
		return this;
	}

	/**
	 * Gives a reason in the dialog, and presses its button.
	 */
	void confirm(String reason, String words) {
		this.browser.type("dialog [name=reason]", reason);
		this.browser.awaitText("dialog [type=submit]", words);
		this.browser.click("dialog [type=submit]");
		this.browser.awaitCount("dialog", 0);
	}

}
