package dev.echod.admin;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.Chart;
import dev.echod.testing.Needs;
import dev.echod.testing.Readme;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.OPERATOR;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The admin API of a service in this JVM: who may do what, and what it does.
 */
class AdminApiTests extends StartedService {

	@ParameterizedTest
	@CsvSource({ "POST,listeners/echo,{\"state\":\"PAUSED\"}", "DELETE,connections/echo-1,''",
			"DELETE,connections?listener=echo,''", "POST,probe,{\"host\":\"127.0.0.1\"}",
			"POST,loggers/dev.echod,{\"configuredLevel\":\"DEBUG\"}", "POST,drain,{\"deadline\":\"1s\"}",
			"DELETE,drain,''", "POST,shutdown,''" })
	void onlyTheOperatorChanges(String method, String path, String body) throws Exception {
		try (TestClient client = connected(1)) {
			HttpResponse<String> anonymous = this.admin.call(NOBODY, method, path, body);
			assertThat(anonymous.statusCode()).isEqualTo(401);
			assertThat(anonymous.headers().firstValue("WWW-Authenticate")).hasValue("Basic realm=\"echod\"");
			assertThat(anonymous.headers().map()).doesNotContainKey("set-cookie");
			assertThat(this.admin.call("operator:wrong", method, path, body).statusCode()).isEqualTo(401);
			assertThat(this.admin.call(VIEWER, method, path, body).statusCode()).isEqualTo(403);
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(this.admin.<String>read("listeners/echo", "$.state")).isEqualTo("ACCEPTING");
		}
		assertThat(this.admin.call(OPERATOR, "GET", "drain", "").statusCode()).as("forgets the wrong one")
			.isEqualTo(200);
	}

	@Test
	void healthAndInfoAreOpenAndTheRestIsNot() throws Exception {
		for (String open : List.of("health", "health/liveness", "health/readiness", "info", "prometheus")) {
			assertThat(this.admin.call(NOBODY, "GET", open, "").statusCode()).as(open).isEqualTo(200);
		}
		for (String closed : List.of("listeners", "connections", "closedconnections", "bulkclose", "metrics", "loggers",
				"auditevents", "nothing")) {
			assertThat(this.admin.call(NOBODY, "GET", closed, "").statusCode()).as(closed).isEqualTo(401);
		}
	}

	@Test
	void connectionsAreListedFilteredSortedAndPaged() throws Exception {
		List<TestClient> clients = new ArrayList<>();
		for (int i = 1; i <= 5; i++) {
			clients.add(connected(i * 10));
		}
		assertThat(this.admin.<List<Integer>>read("connections?sort=-bytesReceived&limit=2&offset=1",
				"$.connections[*].bytesReceived"))
			.containsExactly(40, 30);
		assertThat(this.admin.<Integer>read("connections?limit=2", "$.matched")).isEqualTo(5);
		assertThat(this.admin.<Integer>read("connections?peer=10.0.0.0/8", "$.matched")).isZero();
		assertThat(this.admin.<Integer>read("connections?peer=127.0.0.0/8&listener=echo&state=open", "$.matched"))
			.isEqualTo(5);
		assertThat(this.admin.<Integer>read("connections?idleFor=PT1M", "$.matched")).isZero();
		assertThat(this.admin.<Integer>read("connections?listener=second", "$.matched")).isZero();
		Map<String, Object> one = this.admin.read("connections/" + idOf(clients.getFirst()), "$");
		assertThat(one).containsEntry("bytesReceived", 10)
			.containsEntry("bytesSent", 10)
			.containsEntry("messages", 1)
			.containsEntry("pendingBytes", 0)
			.containsEntry("state", "OPEN")
			.containsEntry("local", "127.0.0.1:" + port())
			.containsEntry("tls", null)
			.containsEntry("proxied", null);
		for (TestClient client : clients) {
			client.close();
		}
		awaitNobody();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '|', value = {
			"GET;connections?idleFor=soon;'idleFor' takes a time with its unit, such as 90s, 500ms or PT1M30S, not 'soon'",
			"GET;connections?idleFor=30;'idleFor' takes a time with its unit, such as 90s, 500ms or PT1M30S, not '30'",
			"GET;connections?idleFor=-3s;'idleFor' takes a time with its unit",
			"GET;connections?olderThan=5;'olderThan' takes a time with its unit",
			"GET;connections?peer=example.org;'peer' takes an address or a range such as 10.0.0.0/8 or 2001:db8::/32, not 'example.org'",
			"GET;connections?peer=10/8;'peer' takes an address or a range",
			"GET;connections?peer=10.0.0.0/33;'peer' takes",
			"GET;connections?limit=0;'limit' takes a number from 1 to 1000, not '0'",
			"GET;connections?limit=ten;'limit' takes a whole number, not 'ten'",
			"GET;connections?offset=-1;'offset' takes", "GET;connections?sort=age;'sort' takes bytesReceived or",
			"GET;connections?state=gone;'state' takes OPEN or CLOSING, not 'gone'",
			"DELETE;connections;Say which connections",
			"DELETE;connections?listener=echo&expect=x;'expect' takes a whole number, not 'x'",
			"DELETE;connections?listener=echo&dryRun=maybe;'dryRun' takes true or false",
			"DELETE;connections/echo-1?mode=kill;'mode' takes graceful or reset, not 'kill'",
			"DELETE;connections?peer=127.0.0.0/8&dryrun=true;'dryrun' is not known; known are listener, peer, idleFor, olderThan, state, mode, closesPerSecond, expect, dryRun, reason",
			"DELETE;connections?listener=echo&expects=3;'expects' is not known",
			"DELETE;connections/echo-1?graceful=true;'graceful' is not known; known are mode, reason",
			"DELETE;connections?listener=echo&dryRun;'dryRun' has no value",
			"DELETE;connections?listener=echo&dryRun=;'dryRun' has no value",
			"DELETE;connections?listener=echo&expect=;'expect' has no value",
			"DELETE;connections?listener=echo&dryRun=false&dryRun=true;'dryRun' is given more than once",
			"DELETE;connections/echo-1?id=echo-2;'id' is given", "GET;listeners/echo?name=second;'name' is given",
			"DELETE;drain?now=true;'now' is not known; known are reason",
			"GET;closedconnections?page=2;'page' is not known; known are listener, peer, reason, since, sort, offset, limit",
			"POST;shutdown?dryRun=true;'dryRun' is not known; nothing can be given here",
			"GET;auditevents?typ=REFUSED;'typ' is not known; known are principal, after, type",
			"GET;auditevents?after=noon;'after' takes a time such as", "GET;auditevents?type=;'type' has no value",
			"GET;listeners?name=echo;'name' is not known", "GET;drain?wait=true;'wait' is not known" })
	void wrongParametersGetOneSentence(String method, String path, String sentence) throws Exception {
		HttpResponse<String> response = this.admin.call(OPERATOR, method, path, "");
		assertProblem(response, 400);
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).startsWith(sentence);
	}

	private static void assertProblem(HttpResponse<String> response, int status) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(JsonPath.<Integer>read(response.body(), "$.status")).isEqualTo(status);
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).isNotEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '|', value = {
			"drain;{\"closes-per-second\":5};'closes-per-second' is not known; known are announce, quiet, deadline, closesPerSecond, then, reason",
			"drain;{\"deadline\":30};'deadline' takes a time with its unit, such as 90s, 500ms or PT1M30S, not '30'",
			"drain;{\"quiet\":\"30\"};'quiet' takes a time with its unit",
			"drain;{\"deadline\":\"2d\"};'deadline' takes up to one day",
			"drain;{\"then\":\"reboot\"};'then' takes SHUTDOWN, not 'reboot'",
			"drain;{\"closesPerSecond\":-1};'closesPerSecond' takes a number from 0 to 1000000",
			"probe;{\"port\":7};'host' is missing: it takes a text",
			"probe;{\"host\":\"127.0.0.1\"};'port' is missing: it takes a whole number",
			"probe;{\"host\":\"127.0.0.1\",\"port\":99999};'port' takes a number from 1 to 65535",
			"probe;{\"host\":\"127.0.0.1\",\"port\":7,\"timeout\":500};'timeout' takes a time with its unit",
			"probe;{\"host\":\"127.0.0.1\",\"port\":7,\"framing\":\"json\"};'framing' takes stream or",
			"shutdown;{\"deadlin\":\"5s\"};'deadlin' is not known; nothing can be given here",
			"loggers/dev.echod;{\"configuredLevl\":\"TRACE\"};'configuredLevl' is not known; known are configuredLevel",
			"loggers/dev.echod;{};'configuredLevel' is missing: it takes TRACE or DEBUG or INFO",
			"loggers/dev.echod;{\"configuredLevel\":\"\"};'configuredLevel' has no value",
			"loggers/dev.echod;{\"configuredLevel\":\"LOUD\"};'configuredLevel' takes TRACE or DEBUG or INFO",
			"listeners/echo;{\"State\":\"PAUSED\"};'State' is not known; known are state, limits, reason",
			"drain;{\"then\":\"\"};'then' has no value", "drain;{\"then\":\" \"};'then' has no value",
			"drain;{\"deadline\":\"\"};'deadline' has no value",
			"probe;{\"host\":\" \",\"port\":7};'host' has no value",
			"probe;{\"host\":\"127.0.0.1\",\"port\":null};'port' is missing: it takes a whole number",
			"listeners/echo;{\"state\":\"\"};'state' has no value",
			"listeners/echo;{\"state\":null};Say what to change: 'state' takes ACCEPTING or PAUSED",
			"listeners/echo;{\"state\":\"STOPPED\"};'state' takes ACCEPTING or PAUSED, not 'STOPPED'",
			"listeners/echo;{\"name\":\"second\",\"state\":\"PAUSED\"};'name' is given by the path",
			"listeners/echo;{};Say what to change: 'state' takes ACCEPTING or PAUSED" })
	void wrongFieldsGetOneSentenceAndNothingHappens(String path, String body, String sentence) throws Exception {
		HttpResponse<String> response = this.admin.call(OPERATOR, "POST", path, body);
		assertProblem(response, 400);
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).startsWith(sentence);
		assertThat(this.admin.<String>read("drain", "$.state")).isEqualTo("SERVING");
		assertThat(this.admin.<String>read("listeners/echo", "$.state")).isEqualTo("ACCEPTING");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '|', value = {
			"{;The body is no JSON, or names a field twice: line 1, column 2",
			"{\"state\":\"PAUSED\",\"state\":\"PAUSED\"};The body is no JSON, or names a field twice: line 1, column 26",
			"[];The body takes a JSON object", "7;The body takes a JSON object",
			"{\"reason\":[]};'reason' takes one value, such as a text or a number",
			"{\"state\":{}};'state' takes ACCEPTING or PAUSED, not '{}'" })
	void bodyThatCannotBeTakenGetsASentence(String body, String sentence) throws Exception {
		HttpResponse<String> response = this.admin.call(OPERATOR, "POST", "listeners/echo", body);
		assertProblem(response, 400);
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).startsWith(sentence);
	}

	@Test
	void bodyOfAnotherTypeGetsASentence() throws Exception {
		HttpResponse<String> text = this.admin.call(OPERATOR, "POST", "listeners/echo", "{}", "Content-Type",
				"text/plain");
		assertProblem(text, 415);
		assertThat(JsonPath.<String>read(text.body(), "$.detail")).endsWith("as application/json, not text/plain");
		assertProblem(this.admin.call(OPERATOR, "POST", "loggers/dev.echod", ""), 415);
	}

	@Test
	void misspeltDryRunClosesNothing() throws Exception {
		try (TestClient client = connected(3)) {
			assertProblem(this.admin.call(OPERATOR, "DELETE", "connections?peer=127.0.0.0/8&dryrun=true", ""), 400);
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
		}
	}

	@Test
	void whateverIsRefusedIsAProblem() throws Exception {
		assertProblem(this.admin.call(NOBODY, "GET", "listeners", ""), 401);
		assertProblem(this.admin.call(VIEWER, "DELETE", "drain", ""), 403);
		assertProblem(this.admin.call(VIEWER, "GET", "nothing", ""), 404);
		assertProblem(this.admin.call(VIEWER, "GET", "listeners/none", ""), 404);
		assertProblem(this.admin.call(VIEWER, "GET", "metrics/none", ""), 404);
		assertProblem(this.admin.call(VIEWER, "GET", "sbom/none", ""), 404);
		assertProblem(this.admin.call(OPERATOR, "DELETE", "drain", ""), 409);
		assertProblem(this.admin.call(OPERATOR, "PUT", "drain", ""), 405);
		assertProblem(this.admin.call(OPERATOR, "POST", "listeners/echo", "no json"), 400);
		assertProblem(this.admin.call(OPERATOR, "POST", "loggers/dev.echod", "{\"configuredLevel\":\"LOUD\"}"), 400);
	}

	@Test
	void nameAndPasswordAreAskedForOrFoundWrong() throws Exception {
		assertThat(JsonPath.<String>read(this.admin.call(NOBODY, "GET", "listeners", "").body(), "$.detail"))
			.isEqualTo("A user name and password are needed");
		assertThat(JsonPath.<String>read(this.admin.call("operator:no", "GET", "listeners", "").body(), "$.detail"))
			.isEqualTo("The user name or the password is wrong");
		assertThat(JsonPath.<String>read(this.admin.call("who:no", "GET", "listeners", "").body(), "$.detail"))
			.isEqualTo("The user name or the password is wrong");
	}

	@Test
	void nameInCapitalsIsAnother() throws Exception {
		assertThat(this.admin.call("OPERATOR:secret", "GET", "listeners", "").statusCode()).isEqualTo(401);
	}

	@Test
	void pathThatIsNoneIsRefused() throws Exception {
		try (TestClient client = new TestClient(this.adminPort)) {
			client.send("GET // HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
				.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(client.receiveToEnd(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 400");
		}
	}

	@ParameterizedTest
	@CsvSource({ "GET http://localhost HTTP/1.1,NO_CREDENTIALS,401,404", "GET ?x HTTP/1.1,NO_CREDENTIALS,401,404",
			"OPTIONS * HTTP/1.1,UNSAFE_REQUEST,400,400" })
	void requestWithoutAPathIsRefusedAndCounted(String request, String reason, int stranger, int operator)
			throws Exception {
		String refused = "echod_admin_refused_total{reason=\"%s\"}".formatted(reason);
		double before = this.admin.meter(refused);
		assertThat(answer(request, "X-Nothing: 0")).startsWith("HTTP/1.1 " + stranger)
			.contains("application/problem+json", "\"detail\":\"");
		assertThat(this.admin.meter(refused)).isEqualTo(before + 1);
		assertThat(answer(request, "Authorization: Basic b3BlcmF0b3I6c2VjcmV0")).startsWith("HTTP/1.1 " + operator)
			.contains("application/problem+json");
	}

	private String answer(String request, String header) throws IOException {
		try (TestClient client = new TestClient(this.adminPort)) {
			client.send(String.join("\r\n", request, "Host: localhost", "Connection: close", header, "", "")
				.getBytes(StandardCharsets.US_ASCII));
			return new String(client.receiveToEnd(), StandardCharsets.UTF_8);
		}
	}

	@Test
	void strangersSeeTheStatusAndTheVersionOnly() throws Exception {
		for (String each : List.of("health", "health/liveness", "health/readiness")) {
			assertThat(this.admin.call(NOBODY, "GET", each, "").body()).as(each).isEqualTo("{\"status\":\"UP\"}");
		}
		assertThat(this.admin.call(VIEWER, "GET", "health", "").body()).contains("\"groups\"");
		assertThat(this.admin.call(NOBODY, "GET", "prometheus", "").body()).doesNotContain("path=\"");
		assertThat(this.admin.call(VIEWER, "GET", "health/readiness", "").body()).contains("\"listeners\"");
		Map<String, Object> info = JsonPath.read(this.admin.call(NOBODY, "GET", "info", "").body(), "$");
		assertThat(info).containsOnlyKeys("build");
		Map<String, String> build = JsonPath.read(info, "$.build");
		assertThat(build).containsOnlyKeys("name", "version").containsEntry("name", "echod");
	}

	@Test
	void healthConnectsToNothing() throws Exception {
		int opened = this.admin.read("listeners/echo", "$.connections.opened");
		for (int i = 0; i < 5; i++) {
			Map<String, Object> health = this.admin.read("health/readiness", "$");
			assertThat(health).containsEntry("status", "UP");
			assertThat(JsonPath.<Integer>read(health, "$.components.listeners.components.echo.details.port"))
				.isEqualTo(port());
			assertThat(JsonPath.<String>read(health, "$.components.eventLoops.status")).isEqualTo("UP");
		}
		assertThat(this.admin.<Integer>read("listeners/echo", "$.connections.opened")).isEqualTo(opened);
	}

	/**
	 * As a balancer's TCP check does it: it connects, and leaves.
	 */
	@Test
	void whoConnectsAndLeavesIsCountedApart() throws Exception {
		String closed = "echod_connections_closed_total{listener=\"second\",reason=\"PEER_CLOSED\"}";
		String silent = "echod_connections_silent_total{listener=\"second\"}";
		double closedBefore = this.admin.meter(closed);
		double silentBefore = this.admin.meter(silent);
		int port = this.admin.read("listeners/second", "$.port");
		for (int i = 0; i < 10; i++) {
			new TestClient(port).close();
		}
		await().until(() -> this.admin.meter(silent) == silentBefore + 10);
		assertThat(this.admin.meter(closed)).isEqualTo(closedBefore);
		assertThat(this.admin.<Integer>read("listeners/second", "$.connections.silent"))
			.isEqualTo((int) silentBefore + 10);
		assertThat(this.admin.<List<Integer>>read("closedconnections",
				"$.connections[?(@.listener == 'second' && @.bytesReceived == 0)].bytesReceived"))
			.isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /actuator/health/readiness HTTP/1.0", "HEAD /actuator/health/readiness HTTP/1.0",
			"OPTIONS /actuator/health/readiness HTTP/1.0", "OPTIONS /actuator/info HTTP/1.0",
			"HEAD /actuator/prometheus HTTP/1.0" })
	void checksOfBalancersWorkAsTheyCome(String request) throws Exception {
		try (TestClient client = new TestClient(this.adminPort)) {
			client.send((request + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(client.receiveToEnd(), StandardCharsets.UTF_8)).matches("(?s)HTTP/1.[01] 200 .*");
		}
		assertThat(auditLinesOfThisAddress()).isEmpty();
	}

	@Test
	void checksOfBalancersCountAsNothing() throws Exception {
		List<String> before = counted();
		for (int i = 0; i < 3; i++) {
			checksOfBalancersWorkAsTheyCome("GET /actuator/health/readiness HTTP/1.0");
			checksOfBalancersWorkAsTheyCome("OPTIONS /actuator/health/readiness HTTP/1.0");
		}
		assertThat(counted()).isNotEmpty().isEqualTo(before);
	}

	/**
	 * What is counted of clients and of those who were refused.
	 */
	private List<String> counted() throws Exception {
		return this.admin.call(NOBODY, "GET", "prometheus", "")
			.body()
			.lines()
			.filter((line) -> line.matches("echod_(connections|accept|admin|messages|bytes)_.*"))
			.toList();
	}

	/**
	 * Where nobody says otherwise HAProxy asks without a Host.
	 */
	@Test
	void checksOfTheReadmeAreAnswered() throws Exception {
		List<String> requests = Pattern.compile("option httpchk\\b([^`\n]*)")
			.matcher(String.join("\n", Readme.lines()))
			.results()
			.map((found) -> found.group(1).strip())
			.toList();
		assertThat(requests).hasSizeGreaterThan(1);
		for (String request : requests) {
			checksOfBalancersWorkAsTheyCome(request + " HTTP/1.0");
		}
	}

	@Tag("long")
	@Test
	void refusalsAreKeptApartFromChangesAndToldOnceAMinute() throws Exception {
		assertThat(this.admin.call(OPERATOR, "POST", "listeners/second", "{\"state\":\"PAUSED\",\"reason\":\"a test\"}")
			.statusCode()).isEqualTo(200);
		assertThat(this.admin.call("s3cret:typed as name", "DELETE", "drain", "").statusCode()).isEqualTo(401);
		for (int i = 0; i < 1_500; i++) {
			assertThat(this.admin.call(NOBODY, "DELETE", "drain", "").statusCode()).isEqualTo(401);
		}
		assertThat(this.admin.call(OPERATOR, "POST", "listeners/second", "{\"state\":\"ACCEPTING\"}").statusCode())
			.isEqualTo(200);
		List<Map<String, Object>> changes = this.admin.read("auditevents",
				"$.events[?(@.data.reason == 'a test' && @.type == 'LISTENER_PAUSED')]");
		assertThat(changes).hasSize(1);
		assertThat(changes.getFirst()).containsEntry("principal", "operator")
			.containsEntry("data", Map.of("what", "second", "source", "127.0.0.1", "reason", "a test"));
		assertThat(auditLines()).contains("LISTENER_PAUSED: second by operator from 127.0.0.1, because: a test")
			.noneMatch((line) -> line.contains("s3cret"));
		assertThat(auditLines()).filteredOn((line) -> line.startsWith("REFUSED")).hasSizeLessThanOrEqualTo(4);
		assertThat(this.admin.<List<String>>read("auditevents", "$.events[?(@.type == 'REFUSED')].type")).isEmpty();
		assertThat(this.admin.<List<String>>read("auditevents?type=REFUSED", "$.events[*].data.source"))
			.contains("127.0.0.1")
			.hasSizeLessThan(50);
		assertThat(this.admin.<List<String>>read("auditevents?type=REFUSED", "$.events[*].principal"))
			.doesNotContain("s3cret");
	}

	@Test
	void unknownNamesAreNotFound() throws Exception {
		assertThat(this.admin.call(VIEWER, "GET", "connections/echo-zzz", "").statusCode()).isEqualTo(404);
		assertThat(this.admin.call(OPERATOR, "DELETE", "connections/echo-zzz", "").statusCode()).isEqualTo(404);
		assertThat(this.admin.call(VIEWER, "GET", "listeners/none", "").statusCode()).isEqualTo(404);
		assertThat(this.admin.call(OPERATOR, "POST", "listeners/none", "{\"state\":\"PAUSED\"}").statusCode())
			.isEqualTo(404);
	}

	@Test
	void gracefulCloseSendsFinAndIsRemembered() throws Exception {
		try (TestClient client = connected(7)) {
			String id = idOf(client);
			assertThat(this.admin.call(OPERATOR, "DELETE", "connections/%s?reason=maintenance".formatted(id), "")
				.statusCode()).isEqualTo(200);
			assertThat(client.receiveToEnd()).isEmpty();
			client.sendFin();
			await().until(() -> this.admin.call(VIEWER, "GET", "connections/" + id, "").statusCode() == 404);
			assertThat(this.admin.<List<Map<String, Object>>>read("closedconnections",
					"$.connections[?(@.id == '%s')]".formatted(id)))
				.singleElement()
				.satisfies((closed) -> assertThat(closed).containsEntry("reason", "OPERATOR_CLOSED")
					.containsEntry("bytesReceived", 7)
					.containsEntry("bytesSent", 7));
			assertThat(this.admin.<List<String>>read("auditevents",
					"$.events[?(@.type == 'CONNECTION_CLOSED' && @.data.what == '%s graceful')].data.reason"
						.formatted(id)))
				.containsExactly("maintenance");
			assertThat(auditLines()).contains(
					"CONNECTION_CLOSED: %s graceful by operator from 127.0.0.1, because: maintenance".formatted(id));
		}
	}

	@Test
	void resetIsAReset() throws Exception {
		try (TestClient client = connected(7)) {
			assertThat(this.admin.call(OPERATOR, "DELETE", "connections/%s?mode=reset".formatted(idOf(client)), "")
				.statusCode()).isEqualTo(200);
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::receiveToEnd)
				.withMessageContaining("reset");
		}
	}

	@Test
	void closingByFilterClosesWhatIsExpectedOrNothing() throws Exception {
		try (TestClient one = connected(1); TestClient two = connected(2)) {
			String filter = "connections?peer=127.0.0.0/8";
			HttpResponse<String> conflict = this.admin.call(OPERATOR, "DELETE", filter + "&expect=1", "");
			assertThat(conflict.statusCode()).isEqualTo(409);
			assertThat(conflict.body()).contains("2 connections match, not 1; none was closed");
			assertThat(this.admin.call(OPERATOR, "DELETE", filter + "&dryRun=true", "").body())
				.contains("\"matched\":2,\"closed\":0");
			assertThat(this.admin.call(OPERATOR, "DELETE", "connections?idleFor=PT1M", "").body())
				.contains("\"matched\":0,\"closed\":0");
			assertThat(one.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(two.send(new byte[] { 2 }).receive(1)).containsExactly(2);
			assertThat(this.admin.call(OPERATOR, "DELETE", filter + "&expect=2", "").body())
				.contains("\"matched\":2,\"closed\":2");
			assertThat(one.receiveToEnd()).isEmpty();
			assertThat(two.receiveToEnd()).isEmpty();
		}
		awaitNobody();
	}

	@Tag("long")
	@Test
	void closingTheIdleLeavesTheBusy() throws Exception {
		try (TestClient idle = connected(1); TestClient busy = connected(2)) {
			String id = idOf(idle);
			await().until(() -> {
				busy.send(new byte[] { 1 }).receive(1);
				return this.admin.<Integer>read("connections?idleFor=PT3S", "$.matched") == 1;
			});
			assertThat(this.admin.<String>read("connections?idleFor=PT3S", "$.connections[0].id")).isEqualTo(id);
			busy.send(new byte[] { 1 }).receive(1);
			assertThat(this.admin.call(OPERATOR, "DELETE", "connections?idleFor=PT3S", "").body())
				.contains("\"matched\":1,\"closed\":1");
			assertThat(idle.receiveToEnd()).isEmpty();
			assertThat(busy.send(new byte[] { 2 }).receive(1)).containsExactly(2);
		}
	}

	@Test
	void pausedListenerRefusesNewClientsAndKeepsItsConnections() throws Exception {
		int port = port();
		try (TestClient client = connected(3)) {
			HttpResponse<String> paused = this.admin.call(OPERATOR, "POST", "listeners/echo", "{\"state\":\"PAUSED\"}");
			assertThat(JsonPath.<String>read(paused.body(), "$.state")).isEqualTo("PAUSED");
			assertThat(this.admin.call(OPERATOR, "POST", "listeners/echo", "{\"state\":\"paused\"}").statusCode())
				.as("in any case")
				.isEqualTo(200);
			assertThat(JsonPath.<Integer>read(paused.body(), "$.port")).isEqualTo(port);
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new TestClient(port));
			assertThat(this.admin.call(NOBODY, "GET", "health/readiness", "").statusCode()).isEqualTo(503);
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(JsonPath.<String>read(
					this.admin.call(OPERATOR, "POST", "listeners/echo", "{\"state\":\"ACCEPTING\"}").body(), "$.state"))
				.isEqualTo("ACCEPTING");
			try (TestClient late = connected(4)) {
				assertThat(late.send(new byte[] { 5 }).receive(1)).containsExactly(5);
			}
		}
	}

	@Test
	void listenersShowTheirConfigurationAndTotals() throws Exception {
		int openedBefore = this.admin.read("listeners/echo", "$.connections.opened");
		int receivedBefore = this.admin.read("listeners/echo", "$.bytes.received");
		int sentBefore = this.admin.read("listeners/echo", "$.bytes.sent");
		try (TestClient client = connected(1_000)) {
			assertThat(this.admin.<Integer>read("listeners/echo", "$.connections.active")).isEqualTo(1);
			assertThat(this.admin.<Integer>read("listeners/echo", "$.connections.opened")).isEqualTo(openedBefore + 1);
			assertThat(this.admin.<Integer>read("listeners/echo", "$.bytes.received"))
				.isEqualTo(receivedBefore + 1_000);
			assertThat(this.admin.<Integer>read("listeners/echo", "$.bytes.sent")).isEqualTo(sentBefore + 1_000);
			assertThat(client.sendFin().receiveToEnd()).isEmpty();
		}
		Map<String, Object> second = this.admin.read("listeners", "$.second");
		assertThat(second).containsEntry("address", "0.0.0.0")
			.containsEntry("state", "ACCEPTING")
			.containsEntry("concurrency", "event-loop")
			.containsEntry("framing", "stream")
			.containsEntry("service", "echo")
			.containsEntry("tls", false);
	}

	@Test
	void metersEqualWhatClientsCounted() throws Exception {
		double received = this.admin.meter("echod_bytes_total{direction=\"received\",listener=\"second\"}");
		double sent = this.admin.meter("echod_bytes_total{direction=\"sent\",listener=\"second\"}");
		double durations = this.admin.meter("echod_connection_duration_seconds_count{listener=\"second\"}");
		double closed = this.admin.meter("echod_connections_closed_total{listener=\"second\",reason=\"PEER_CLOSED\"}");
		double reset = this.admin.meter("echod_connections_closed_total{listener=\"second\",reason=\"PEER_RESET\"}");
		int second = this.admin.read("listeners/second", "$.port");
		for (int i = 1; i <= 10; i++) {
			try (TestClient client = new TestClient(second)) {
				client.send(TestClient.randomBytes(i, i * 100)).receive(i * 100);
				if (i > 7) {
					client.reset();
				}
			}
		}
		await().until(() -> this.admin.meter("echod_connections_active{listener=\"second\"}") == 0);
		assertThat(this.admin.meter("echod_bytes_total{direction=\"received\",listener=\"second\"}"))
			.isEqualTo(received + 5_500);
		assertThat(this.admin.meter("echod_bytes_total{direction=\"sent\",listener=\"second\"}"))
			.isEqualTo(sent + 5_500);
		assertThat(this.admin.meter("echod_connections_closed_total{listener=\"second\",reason=\"PEER_CLOSED\"}"))
			.isEqualTo(closed + 7);
		assertThat(this.admin.meter("echod_connections_closed_total{listener=\"second\",reason=\"PEER_RESET\"}"))
			.isEqualTo(reset + 3);
		assertThat(this.admin.meter("echod_connection_duration_seconds_count{listener=\"second\"}"))
			.isEqualTo(durations + 10);
	}

	@Test
	void infoNamesBuildCommitJavaAndTransports() throws Exception {
		HttpResponse<String> info = this.admin.call(VIEWER, "GET", "info", "");
		assertThat(JsonPath.<String>read(info.body(), "$.build.version")).isNotEmpty();
		assertThat(JsonPath.<String>read(info.body(), "$.git.commit.id")).matches("[0-9a-f]{7,}");
		assertThat(JsonPath.<String>read(info.body(), "$.java.version")).startsWith("25");
		assertThat(JsonPath.<String>read(info.body(), "$.transport.inUse"))
			.isEqualTo(this.admin.read("listeners/echo", "$.transport"));
		Map<String, String> others = JsonPath.read(info.body(), "$.transport.others");
		assertThat(others).hasSize(3).allSatisfy((transport, why) -> assertThat(why).isNotEmpty());
	}

	@Test
	void debugTellsOfConnectionsAndNotOfMessages() throws Exception {
		Logger logger = (Logger) LoggerFactory.getLogger("dev.echod");
		ListAppender<ILoggingEvent> lines = new ListAppender<>();
		lines.start();
		logger.addAppender(lines);
		assertThat(
				this.admin.call(OPERATOR, "POST", "loggers/dev.echod", "{\"configuredLevel\":\"DEBUG\"}").statusCode())
			.isEqualTo(204);
		try (TestClient client = connected(3)) {
			for (int i = 0; i < 20; i++) {
				client.send(new byte[] { 1 }).receive(1);
			}
			String id = idOf(client);
			client.sendFin().receiveToEnd();
			await().until(() -> List.copyOf(lines.list)
				.stream()
				.anyMatch((line) -> line.getFormattedMessage().startsWith(id + " of ")));
		}
		finally {
			logger.detachAppender(lines);
			this.admin.call(OPERATOR, "POST", "loggers/dev.echod", "{\"configuredLevel\":null}");
		}
		assertThat(lines.list).hasSizeLessThan(10);
	}

	@Test
	void changeThroughActuatorsOwnEndpointIsAudited() throws Exception {
		String level = "{\"configuredLevel\":\"INFO\"}";
		assertThat(this.admin.call(OPERATOR, "POST", "loggers/dev.echod.none", level).statusCode()).isEqualTo(204);
		List<Map<String, Object>> audited = this.admin.read("auditevents",
				"$.events[?(@.type == 'LOGGER_CHANGED' && @.data.what =~ /.*echod.none.*/)]");
		assertThat(audited).hasSize(1);
		assertThat(audited.getFirst()).containsEntry("principal", "operator");
		assertThat(String.valueOf(audited.getFirst().get("data"))).contains("dev.echod.none", "INFO");
	}

	@Test
	void nettysOwnMetersAreThere() throws Exception {
		String text = this.admin.call(NOBODY, "GET", "prometheus", "").body();
		assertThat(text).contains("netty_allocator_memory_used{", "netty_eventexecutor_tasks_pending{");
	}

	@Test
	void prometheusTextPassesPromtool() throws Exception {
		Needs.program("promtool");
		Process promtool = new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
		String text = this.admin.call(NOBODY, "GET", "prometheus", "").body();
		assertThat(text).contains("echod_messages");
		try (var input = promtool.outputWriter(StandardCharsets.UTF_8)) {
			input.write(text);
		}
		String complaints = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(complaints).isEmpty();
		assertThat(promtool.waitFor()).isZero();
	}

	@Test
	void eachRunbookAsksForWhatThereIs() throws Exception {
		List<String> runbooks = Chart.render(Chart.EVERYTHING)
			.at("PrometheusRule/test-echod", "$..rules[*].annotations.runbook");
		Pattern path = Pattern.compile("http://127\\.0\\.0\\.1:18081/actuator/([^']+)'");
		List<String> asked = runbooks.stream()
			.flatMap((runbook) -> path.matcher(runbook).results())
			.map((found) -> found.group(1)
				.replace("{{ $labels.listener }}", "echo")
				.replace("{{ $labels.reason }}", "SLOW_READER"))
			.toList();
		assertThat(asked).hasSizeGreaterThan(5);
		for (String each : asked) {
			assertThat(this.admin.call(OPERATOR, "GET", each, "").statusCode()).as(each).isEqualTo(200);
		}
	}

	@Test
	void softwareBillOfMaterialsListsTheDependencies() throws Exception {
		assertThat(this.admin.call(NOBODY, "GET", "sbom/application", "").statusCode()).isEqualTo(401);
		HttpResponse<String> bill = this.admin.call(VIEWER, "GET", "sbom/application", "");
		assertThat(bill.headers().firstValue("Content-Type")).hasValue("application/vnd.cyclonedx+json");
		assertThat(JsonPath.<String>read(bill.body(), "$.metadata.component.name")).isEqualTo("echod");
		assertThat(JsonPath.<List<String>>read(bill.body(), "$.components[*].name"))
			.contains("spring-integration-ip", "netty-transport")
			.doesNotContain("spring-boot-starter-test");
	}

	@Test
	void probeAnswersWithRoundTrips() throws Exception {
		HttpResponse<String> probed = this.admin.call(OPERATOR, "POST", "probe",
				"{\"host\":\"127.0.0.1\",\"port\":%d,\"payload\":\"hello\",\"count\":3}".formatted(port()));
		assertThat(probed.statusCode()).isEqualTo(200);
		assertThat(JsonPath.<Boolean>read(probed.body(), "$.echoed")).isTrue();
		assertThat(JsonPath.<Integer>read(probed.body(), "$.bytes")).isEqualTo(5);
		assertThat(JsonPath.<List<String>>read(probed.body(), "$.roundTrips")).hasSize(3)
			.allMatch((time) -> time.startsWith("PT"));
		HttpResponse<String> failed = this.admin.call(OPERATOR, "POST", "probe", "{\"host\":\"127.0.0.1\",\"port\":1}");
		assertThat(failed.statusCode()).isEqualTo(200);
		assertThat(JsonPath.<Boolean>read(failed.body(), "$.echoed")).isFalse();
		assertThat(JsonPath.<String>read(failed.body(), "$.error")).containsIgnoringCase("refused");
	}

	/**
	 * Whom they are sent to accepts, and never answers.
	 */
	@Tag("long")
	@Test
	void probesThatWaitKeepNobodyFromHealth() throws Exception {
		try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
			String body = "{\"host\":\"127.0.0.1\",\"port\":%d,\"timeout\":\"2s\"}".formatted(mute.getLocalPort());
			List<Future<HttpResponse<String>>> probes = new ArrayList<>();
			for (int i = 0; i < 60; i++) {
				probes.add(clients.submit(() -> this.admin.call(OPERATOR, "POST", "probe", body)));
			}
			await().until(() -> probes.stream().filter(Future::isDone).count() > 0);
			assertThat(this.admin.call(NOBODY, "GET", "health/liveness", "").statusCode()).isEqualTo(200);
			assertThat(this.admin.<String>read("drain", "$.state")).isEqualTo("SERVING");
			assertThat(probes.stream().filter((probe) -> !probe.isDone()).count()).isPositive();
			List<Integer> answers = new ArrayList<>();
			for (Future<HttpResponse<String>> probe : probes) {
				answers.add(probe.get().statusCode());
			}
			assertThat(answers).contains(200, 429).containsOnly(200, 429);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '|',
			value = { "not json", "[]", "{}", "{\"state\":\"PAUSED\",\"state\":\"PAUSED\"}",
					"{\"limits\":{\"connections\":5,\"connections\":6}}", "{\"state\":7}", "{\"state\":{\"a\":1}}",
					"{\"state\":\"STOPPED\"}" })
	void bodyThatMakesNoSenseIsTheClientsError(String body) throws Exception {
		assertThat(this.admin.call(OPERATOR, "POST", "listeners/echo", body).statusCode()).isEqualTo(400);
		assertThat(this.admin.<String>read("listeners/echo", "$.state")).isEqualTo("ACCEPTING");
	}

	@Test
	void bodyThatIsTooLargeIsTheClientsError() throws Exception {
		String large = "{\"state\":\"%s\"}".formatted("x".repeat(1_000_000));
		assertProblem(this.admin.call(OPERATOR, "POST", "listeners/echo", large), 413);
	}

	@Test
	void foreignOriginChangesNothing() throws Exception {
		String pause = "{\"state\":\"PAUSED\"}";
		assertThat(this.admin.call(OPERATOR, "POST", "listeners/echo", pause, "Origin", "https://example.org")
			.statusCode()).isEqualTo(403);
		assertThat(this.admin.call(OPERATOR, "POST", "listeners/echo", pause, "Origin", "null").statusCode())
			.isEqualTo(403);
		assertThat(this.admin.<String>read("listeners/echo", "$.state")).isEqualTo("ACCEPTING");
		String own = "http://127.0.0.1:" + this.adminPort;
		assertThat(this.admin.call(OPERATOR, "POST", "listeners/echo", "{\"state\":\"ACCEPTING\"}", "Origin", own)
			.statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "example.org,400", "example.org:8081,400", "a_b.example.org,400", "localhost,200", "127.0.0.1:80,200",
			"[::1],200" })
	void hostMustBeALoopbackName(String host, int status) throws Exception {
		try (TestClient client = new TestClient(this.adminPort)) {
			client.send("GET /actuator/health HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host)
				.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(client.receiveToEnd(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 " + status);
		}
	}

}
