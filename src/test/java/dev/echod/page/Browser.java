package dev.echod.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;

import dev.echod.testing.Needs;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Debian's Chromium, without a window.
 */
final class Browser implements AutoCloseable {

	static final int WIDE = 1400;

	/**
	 * A small phone's.
	 */
	static final int NARROW = 400;

	private static final int HEIGHT = 900;

	private static final int MOST_TABS = 60;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/**
	 * It warns of what a Chromium newer than itself can, which is not used here.
	 */
	private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

	private static final Path SCREENSHOTS = Path.of("target", "screenshots");

	private final ChromeDriver driver;

	private Browser(ChromeDriver driver) {
		this.driver = driver;
	}

	/**
	 * Starts one. With its driver named, Selenium looks for none, neither here nor
	 * elsewhere.
	 */
	static Browser start() throws IOException, InterruptedException {
		Needs.program("chromium");
		Needs.program("chromedriver");
		SELENIUM.setLevel(Level.SEVERE);
		ChromeOptions options = new ChromeOptions();
		options.setBinary(program("chromium").toFile());
		options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
				"--hide-scrollbars", "--force-prefers-reduced-motion");
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
		ChromeDriverService service = new ChromeDriverService.Builder()
			.usingDriverExecutable(program("chromedriver").toFile())
			.usingAnyFreePort()
			.build();
		Browser browser = new Browser(new ChromeDriver(service, options));
		browser.resize(WIDE, HEIGHT);
		return browser;
	}

	private static Path program(String name) {
		return List.of(System.getenv("PATH").split(":"))
			.stream()
			.map((directory) -> Path.of(directory, name))
			.filter(Files::isExecutable)
			.findFirst()
			.orElseThrow();
	}

	void resize(int width, long height) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
	}

	void resize(int width) {
		resize(width, HEIGHT);
	}

	/**
	 * Has the system be light or dark.
	 */
	void prefer(String scheme) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	/**
	 * Forgets who is logged in and what the console said.
	 */
	void forget() {
		this.driver.manage().deleteAllCookies();
		open("about:blank");
		console();
	}

	void open(String url) {
		this.driver.get(url);
	}

	void reload() {
		this.driver.navigate().refresh();
	}

	String url() {
		return Objects.requireNonNull(this.driver.getCurrentUrl());
	}

	/**
	 * The element that is shown, when it is.
	 */
	WebElement find(String css) {
		return await().atMost(PATIENCE)
			.ignoreExceptions()
			.until(() -> this.driver.findElement(By.cssSelector(css)), WebElement::isDisplayed);
	}

	/**
	 * The button with these words, when it can be pressed.
	 */
	WebElement button(String words) {
		return await().atMost(PATIENCE)
			.ignoreExceptions()
			.until(() -> this.driver
				.findElement(By.xpath("//button[starts-with(normalize-space(), \"%s\")]".formatted(words))),
					(button) -> button.isDisplayed() && button.isEnabled());
	}

	/**
	 * How many elements are shown now.
	 */
	long count(String css) {
		return this.driver.findElements(By.cssSelector(css)).stream().filter(WebElement::isDisplayed).count();
	}

	void click(String css) {
		find(css).click();
	}

	void press(String words) {
		button(words).click();
	}

	/**
	 * Presses keys, wherever the focus is.
	 */
	void keys(CharSequence... keys) {
		new Actions(this.driver).sendKeys(keys).perform();
	}

	boolean hasFocus(String css) {
		return this.<Boolean>run("return document.activeElement.matches(arguments[0])", css);
	}

	/**
	 * Goes on with the tabulator until it is there.
	 */
	void tabTo(String css) {
		for (int i = 0; i < MOST_TABS && !hasFocus(css); i++) {
			keys(Keys.TAB);
		}
		assertThat(hasFocus(css)).as("The focus comes to " + css).isTrue();
	}

	/**
	 * Fills a field in, as a person does: whatever was there is gone.
	 */
	void type(String css, String text) {
		WebElement field = find(css);
		field.clear();
		field.sendKeys(text);
	}

	void choose(String css, String value) {
		click("%s option[value='%s']".formatted(css, value));
	}

	String text(String css) {
		return find(css).getText();
	}

	void awaitText(String css, String part) {
		await("%s says '%s'".formatted(css, part)).atMost(PATIENCE)
			.ignoreException(StaleElementReferenceException.class)
			.untilAsserted(() -> assertThat(text(css)).contains(part));
	}

	void awaitCount(String css, long count) {
		await("%d %s".formatted(count, css)).atMost(PATIENCE)
			.ignoreException(StaleElementReferenceException.class)
			.untilAsserted(() -> assertThat(count(css)).isEqualTo(count));
	}

	void awaitUrl(String end) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(url()).endsWith(end));
	}

	@SuppressWarnings("TypeParameterUnusedInFormals") // as Selenium's own
	<T> T run(String script, Object... arguments) {
		@SuppressWarnings("unchecked")
		T answer = (T) Objects.requireNonNull(this.driver.executeScript(script, arguments));
		return answer;
	}

	/**
	 * What the console says since it was asked last.
	 */
	List<String> console() {
		return this.driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(LogEntry::toString).toList();
	}

	/**
	 * What axe-core finds wrong with what is shown.
	 */
	List<String> faults() {
		try (InputStream axe = Objects.requireNonNull(Browser.class.getResourceAsStream("/axe.min.js"))) {
			this.driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.driver.manage().timeouts().scriptTimeout(PATIENCE);
		@SuppressWarnings("unchecked")
		List<String> faults = (List<String>) Objects.requireNonNull(this.driver.executeAsyncScript("""
				const done = arguments[arguments.length - 1];
				axe.run({ resultTypes: ['violations'] }).then(
				  (found) => done(found.violations.map((fault) => `${fault.id}: ${fault.help}: `
				    + fault.nodes.map((node) => `${node.html} ${node.any.map((check) => check.message)}`).join('; '))),
				  (error) => done([String(error)]));
				"""));
		return faults;
	}

	/**
	 * Whether there is more than fits from side to side.
	 */
	boolean scrollsSideways() {
		return this.<Boolean>run("return document.documentElement.scrollWidth > document.documentElement.clientWidth");
	}

	/**
	 * Keeps what the whole page looks like, for people to look at.
	 */
	void screenshot(String name, int width) throws IOException {
		resize(width, Math.clamp(this.<Long>run("return document.documentElement.scrollHeight"), HEIGHT, 3 * HEIGHT));
		Files.createDirectories(SCREENSHOTS);
		Files.write(SCREENSHOTS.resolve(name + ".png"), this.driver.getScreenshotAs(OutputType.BYTES));
		resize(width);
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
