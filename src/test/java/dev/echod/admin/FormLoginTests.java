package dev.echod.admin;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.AdminClient;
import dev.echod.testing.EventStream;
import dev.echod.testing.LogCapture;
import dev.echod.testing.Login;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.OPERATOR;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The login by the form, and the sessions that it begins.
 */
@AdminApi
class FormLoginTests {

	private static final String PAGE = "text/html,application/xhtml+xml,*/*;q=0.8";

	private static final String CHANGE = "{\"state\":\"ACCEPTING\"}";

	@Value("${local.server.port}")
	private int adminPort;

	@Autowired
	private LoginClock clock;

	@Autowired
	private Sessions sessions;

	@SuppressWarnings("NullAway.Init")
	private AdminClient client;

	@BeforeEach
	void connect() {
		this.client = AdminClient.under("/", this.adminPort);
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	private static void assertProblem(HttpResponse<String> response, int status, String detail) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).startsWith(detail);
	}

	private static String location(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(303);
		return response.headers().firstValue("Location").orElseThrow();
	}

	@Test
	void cookieIsForTheBrowserAlone() throws Exception {
		HttpResponse<String> response = Login.submit(this.client, "username=operator&password=secret");
		assertThat(response.headers().firstValue("Set-Cookie").orElseThrow())
			.matches("echod-session-%d=[\\w-]{43}; Path=/; HTTPOnly; SameSite=Strict".formatted(this.adminPort));
	}

	@Test
	void whoLoggedInIsWhoHeSays() throws Exception {
		Map<String, Object> operator = JsonPath.read(Login.as(this.client, OPERATOR).get(this.client, "me").body(),
				"$");
		assertThat(operator).containsEntry("name", "operator")
			.containsEntry("roles", List.of("OPERATOR"))
			.containsEntry("operator", true)
			.containsEntry("api", "/actuator");
		Map<String, Object> viewer = JsonPath.read(Login.as(this.client, VIEWER).get(this.client, "me").body(), "$");
		assertThat(viewer).containsEntry("name", "viewer")
			.containsEntry("roles", List.of("VIEWER"))
			.containsEntry("operator", false);
	}

	@Test
	void onlyALoginBeginsASession() throws Exception {
		int before = this.sessions.count();
		try (AdminClient other = AdminClient.ofRootFrom("127.0.9.21", this.adminPort)) {
			for (String credentials : List.of(NOBODY, VIEWER, "nobody:wrong")) {
				for (String path : List.of("", "login", "me", "actuator/health", "nothing")) {
					HttpResponse<String> response = other.call(credentials, "GET", path, "");
					assertThat(response.headers().map()).as(path).doesNotContainKey("set-cookie");
				}
			}
			assertThat(Login.submit(other, "username=nobody&password=wrong").headers().map())
				.doesNotContainKey("set-cookie");
			Map<String, Object> me = JsonPath.read(other.call(VIEWER, "GET", "me", "").body(), "$");
			assertThat(me).containsEntry("csrf", null);
		}
		assertThat(this.sessions.count()).isEqualTo(before);
	}

	@Test
	void changesBySessionNeedItsToken() throws Exception {
		Login operator = Login.as(this.client, OPERATOR);
		Login other = Login.as(this.client, OPERATOR);
		String path = "actuator/listeners/echo";
		for (String wrong : List.of("wrong", other.csrf())) {
			assertProblem(operator.change(this.client, "POST", path, CHANGE, wrong), 403,
					"The CSRF token is missing or wrong");
		}
		assertProblem(this.client.call(NOBODY, "POST", path, CHANGE, "Cookie", operator.cookie()), 403,
				"The CSRF token is missing or wrong");
		assertThat(operator.change(this.client, "POST", path, CHANGE, operator.csrf()).statusCode()).isEqualTo(200);
		assertThat(this.client.call(OPERATOR, "POST", path, CHANGE).statusCode()).as("basic needs none").isEqualTo(200);
		assertThat(this.client.call(OPERATOR, "POST", path, CHANGE, "Cookie", operator.cookie()).statusCode())
			.as("nor does it with a cookie beside it")
			.isEqualTo(200);
	}

	@Test
	void viewerLooksAndChangesNothing() throws Exception {
		Login viewer = Login.as(this.client, VIEWER);
		assertThat(viewer.get(this.client, "actuator/listeners").statusCode()).isEqualTo(200);
		assertProblem(viewer.change(this.client, "POST", "actuator/listeners/echo", CHANGE, viewer.csrf()), 403,
				"Only the operator may");
	}

	@Test
	void changeOfASessionIsAuditedAsItsUsers() throws Exception {
		Login operator = Login.as(this.client, OPERATOR);
		operator.change(this.client, "POST", "actuator/listeners/echo",
				"{\"state\":\"ACCEPTING\",\"reason\":\"by the form\"}", operator.csrf());
		List<Map<String, Object>> events = JsonPath.read(operator.get(this.client, "actuator/auditevents").body(),
				"$.events[?(@.data.reason == 'by the form')]");
		assertThat(events).hasSize(1).first().satisfies((event) -> {
			assertThat(event).containsEntry("principal", "operator");
			assertThat(JsonPath.<String>read(event, "$.data.source")).isEqualTo("127.0.0.1");
		});
	}

	@Test
	void loginTakesAnotherIdAndEndsTheFormerSession() throws Exception {
		Login former = Login.as(this.client, OPERATOR);
		HttpResponse<String> again = Login.submit(this.client, "username=viewer&password=look", "Cookie",
				former.cookie());
		assertThat(again.headers().firstValue("Set-Cookie").orElseThrow()).doesNotStartWith(former.cookie());
		assertThat(former.get(this.client, "me").statusCode()).isEqualTo(401);
		String madeUp = former.cookie().replaceFirst("=.*", "=made-up");
		HttpResponse<String> fixed = Login.submit(this.client, "username=viewer&password=look", "Cookie", madeUp);
		assertThat(fixed.headers().firstValue("Set-Cookie").orElseThrow()).doesNotContain("made-up");
	}

	@Test
	void logoutEndsTheSession() throws Exception {
		Login viewer = Login.as(this.client, VIEWER);
		assertThat(viewer.change(this.client, "POST", "logout", "", "wrong").statusCode()).isEqualTo(403);
		HttpResponse<String> response = viewer.change(this.client, "POST", "logout", "", viewer.csrf());
		assertThat(response.statusCode()).isEqualTo(204);
		assertThat(response.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
		assertThat(viewer.get(this.client, "me").statusCode()).isEqualTo(401);
	}

	@Test
	void sessionThatIsNotUsedIsOver() throws Exception {
		Login viewer = Login.as(this.client, VIEWER);
		this.clock.pass(Sessions.IDLE.plusSeconds(1));
		assertThat(viewer.get(this.client, "me").statusCode()).isEqualTo(401);
	}

	@Test
	void streamEndsWithItsSessionAndDoesNotKeepIt() throws Exception {
		Login viewer = Login.as(this.client, VIEWER);
		try (EventStream stream = EventStream.of(viewer, this.adminPort);
				EventStream other = EventStream.as(VIEWER, this.adminPort)) {
			this.clock.pass(Sessions.IDLE);
			stream.next();
			stream.next();
			this.clock.pass(Duration.ofSeconds(1));
			stream.awaitOver();
			other.next();
		}
	}

	@Test
	void wrongPasswordsCountAsThoseOfBasic() throws Exception {
		try (AdminClient guesser = AdminClient.from("127.0.9.20", this.adminPort);
				AdminClient form = AdminClient.ofRootFrom("127.0.9.20", this.adminPort)) {
			for (int i = 0; i < UserLogins.FREE; i++) {
				assertThat(guesser.call("operator:wrong", "GET", "drain", "").statusCode()).isEqualTo(401);
			}
			HttpResponse<String> wrong = Login.submit(form, "username=operator&password=wrong");
			assertProblem(wrong, 401, "The user name or the password is wrong");
			assertThat(wrong.headers().map()).as("has no browser ask").doesNotContainKey("www-authenticate");
			HttpResponse<String> slowed = Login.submit(form, "username=operator&password=secret");
			assertProblem(slowed, 429, "Too many user names and passwords were wrong");
			assertThat(slowed.headers().firstValue("Retry-After")).hasValue("1");
			assertThat(location(Login.submit(form, "username=operator&password=secret", "Accept", PAGE)))
				.isEqualTo("/login?wait=1");
			assertThat(guesser.call(OPERATOR, "GET", "drain", "").statusCode()).isEqualTo(429);
			List<Map<String, Object>> refused = JsonPath.read(
					this.client.call(VIEWER, "GET", "actuator/auditevents?type=REFUSED", "").body(),
					"$.events[?(@.data.source == '127.0.9.20')]");
			assertThat(refused).hasSize(2)
				.allSatisfy((event) -> assertThat(event).containsEntry("principal", "operator"));
			this.clock.pass(Duration.ofSeconds(1));
			assertThat(Login.submit(form, "username=operator&password=secret").statusCode()).isEqualTo(204);
		}
	}

	@Test
	void browserIsSentWhereItHasToGo() throws Exception {
		for (String path : List.of("", "actuator/listeners", "nothing")) {
			assertThat(location(this.client.call(NOBODY, "GET", path, "", "Accept", PAGE))).isEqualTo("/login");
		}
		assertThat(location(Login.submit(this.client, "username=viewer&password=look", "Accept", PAGE))).isEqualTo("/");
		assertThat(location(Login.submit(this.client, "username=viewer&password=wrong", "Accept", PAGE)))
			.isEqualTo("/login?wrong");
		assertThat(Login.submit(this.client, "username=viewer&password=look").statusCode()).isEqualTo(204);
	}

	@Test
	void programWithoutALoginIsToldWhatItNeeds() throws Exception {
		for (String path : List.of("", "me", "stream", "actuator/listeners")) {
			HttpResponse<String> response = this.client.call(NOBODY, "GET", path, "");
			assertProblem(response, 401, "A user name and password are needed");
			assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Basic realm=\"echod\"");
		}
	}

	@ParameterizedTest
	@CsvSource({ "X-Requested-With,XMLHttpRequest", "Accept,text/event-stream" })
	void pageWhoseSessionIsOverHasTheBrowserAskForNothing(String header, String value) throws Exception {
		HttpResponse<String> response = this.client.call(NOBODY, "GET", "stream", "", header, value);
		assertProblem(response, 401, "A user name and password are needed");
		assertThat(response.headers().map()).doesNotContainKey("www-authenticate");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "username=operator", "password=secret",
			"username=operator&password=secret&password=other", "user=operator&password=secret" })
	void formIsWholeOrIsNone(String form) throws Exception {
		assertProblem(Login.submit(this.client, form), 400, "A login takes 'username' and 'password', each once");
	}

	@ParameterizedTest
	@CsvSource({ "username=%zz&password=x,application/x-www-form-urlencoded",
			"username=a&password=x,application/x-www-form-urlencoded;charset=none",
			"username=a&password=x,application/x-www-form-urlencoded;charset=/", "username=a&password=x,nonsense" })
	void formThatCannotBeReadIsNoFaultOfTheService(String form, String type) throws Exception {
		try (LogCapture log = new LogCapture()) {
			assertProblem(Login.submit(this.client, form, "Content-Type", type), 400, "The form cannot be read");
			assertThat(log.atLeast(Level.ERROR)).isEmpty();
		}
	}

	@Test
	void noMoreIsReadOfAStrangersFormThanIsKept() throws Exception {
		byte[] most = new byte[WholeBodyFilter.MAX_BYTES_OF_STRANGERS];
		Arrays.fill(most, (byte) 'a');
		try (TestClient stranger = new TestClient(this.adminPort)) {
			stranger.send("""
					POST /login HTTP/1.1\r
					Host: localhost\r
					Content-Type: application/x-www-form-urlencoded\r
					Content-Length: 250000\r
					\r
					""".getBytes(StandardCharsets.US_ASCII)).send(most).send(new byte[] { 'a' });
			assertThat(new String(stranger.receive(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
		}
		assertProblem(Login.submit(this.client, new String(most, StandardCharsets.US_ASCII)), 400,
				"A login takes 'username' and 'password', each once");
	}

	@Test
	void strangersWhoDoNotSendTheirFormsKeepNobodyFromLoggingIn() throws Exception {
		List<TestClient> strangers = new ArrayList<>();
		try {
			for (int i = 0; i <= WholeBodyFilter.MOST_OF_STRANGERS; i++) {
				strangers.add(new TestClient(this.adminPort).send("""
						POST /login HTTP/1.1\r
						Host: localhost\r
						Content-Type: application/x-www-form-urlencoded\r
						Content-Length: 29\r
						Connection: close\r
						Expect: 100-continue\r
						\r
						""".getBytes(StandardCharsets.US_ASCII)));
				assertThat(new String(strangers.getLast().receive(12), StandardCharsets.US_ASCII)).as("is awaited")
					.isEqualTo("HTTP/1.1 100");
			}
			byte[] rest = strangers.removeFirst().receiveToEnd();
			assertThat(new String(rest, StandardCharsets.US_ASCII)).as("the first").doesNotContain("HTTP");
			for (TestClient other : strangers.subList(0, 2)) {
				other.send("username=viewer&password=look".getBytes(StandardCharsets.US_ASCII));
				assertThat(new String(other.receiveToEnd(), StandardCharsets.US_ASCII)).contains("HTTP/1.1 204");
			}
		}
		finally {
			for (TestClient stranger : strangers) {
				stranger.close();
			}
		}
	}

	@Test
	void loginIsAForm() throws Exception {
		assertProblem(this.client.call(NOBODY, "POST", "login", "{\"username\":\"operator\",\"password\":\"secret\"}"),
				415, "A login is a form");
	}

	@Test
	void pageOfAnotherSiteLogsNobodyIn() throws Exception {
		HttpResponse<String> response = Login.submit(this.client, "username=viewer&password=look", "Origin",
				"https://example.org");
		assertProblem(response, 403, "The Origin is another site");
		assertThat(response.headers().map()).doesNotContainKey("set-cookie");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "login", "me", "actuator/listeners", "nothing" })
	void browserIsToldToTrustNothingElse(String path) throws Exception {
		assertTrustsNothingElse(this.client.call(VIEWER, "GET", path, ""));
	}

	@Test
	void browserIsToldSoAlsoByWhatIsRefusedAtOnce() throws Exception {
		HttpResponse<String> foreign = this.client.call(VIEWER, "POST", "login", "", "Origin", "https://example.org");
		assertThat(foreign.statusCode()).isEqualTo(403);
		assertTrustsNothingElse(foreign);
		HttpResponse<String> unsafe = this.client.call(VIEWER, "GET", "assets/..%2fapplication.yml", "");
		assertThat(unsafe.statusCode()).isEqualTo(400);
		assertTrustsNothingElse(unsafe);
		HttpResponse<String> wrong = Login.submit(this.client, "username=viewer");
		assertThat(wrong.statusCode()).isEqualTo(400);
		assertTrustsNothingElse(wrong);
	}

	private static void assertTrustsNothingElse(HttpResponse<String> response) {
		Map<String, List<String>> headers = response.headers().map();
		assertThat(headers.get("content-security-policy")).singleElement()
			.asString()
			.contains("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'")
			.doesNotContain("unsafe");
		assertThat(headers).containsEntry("x-content-type-options", List.of("nosniff"))
			.containsEntry("referrer-policy", List.of("same-origin"))
			.containsEntry("cross-origin-resource-policy", List.of("same-origin"));
		assertThat(headers.get("cache-control")).singleElement().asString().contains("no-store");
	}

}
