package dev.echod;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * The admin API of the packaged service: who may do what, and what it does.
 */
class AdminIT {

	private static final String OPERATOR = "operator:secret";

	private static final String VIEWER = "viewer:look";

	private static final HttpClient http = HttpClient.newHttpClient();

	@SuppressWarnings("NullAway.Init")
	private static EchodProcess echod;

	@BeforeAll
	static void start() {
		echod = EchodProcess.service("--echod.admin.operator.password=secret", "--echod.admin.viewer.name=viewer",
				"--echod.admin.viewer.password=look", "--echod.listeners.second.port=0");
	}

	@AfterAll
	static void stop() {
		http.close();
		echod.close();
	}

	private static HttpResponse<String> call(String credentials, String method, String path, String body,
			String... headers) throws Exception {
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:%d/actuator/%s".formatted(echod.adminPort(), path)))
			.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
		if (!credentials.isEmpty()) {
			request.header("Authorization",
					"Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
		}
		if (!body.isEmpty()) {
			request.header("Content-Type", "application/json");
		}
		for (int i = 0; i < headers.length; i += 2) {
			request.setHeader(headers[i], headers[i + 1]);
		}
		return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static HttpResponse<String> get(String path) throws Exception {
		return call(VIEWER, "GET", path, "");
	}

	@SuppressWarnings("TypeParameterUnusedInFormals") // as JsonPath's own
	private static <T> T read(String path, String jsonPath) throws Exception {
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return JsonPath.read(response.body(), jsonPath);
	}

	/**
	 * A connection that has echoed this many bytes.
	 */
	private static TestClient connected(int bytes) throws IOException {
		TestClient client = new TestClient(echod.port());
		byte[] message = TestClient.randomBytes(bytes, bytes);
		assertThat(client.send(message).receive(bytes)).isEqualTo(message);
		return client;
	}

	private static String idOf(TestClient client) throws Exception {
		String peer = "127.0.0.1:" + client.socket().getLocalPort();
		List<String> ids = read("connections", "$.connections[?(@.peer == '%s')].id".formatted(peer));
		assertThat(ids).hasSize(1);
		return ids.getFirst();
	}

	@ParameterizedTest
	@CsvSource({ "POST,listeners/echo,{\"state\":\"PAUSED\"}", "DELETE,connections/echo-1,''",
			"DELETE,connections?listener=echo,''", "POST,probe,{\"host\":\"127.0.0.1\"}",
			"POST,loggers/dev.echod,{\"configuredLevel\":\"DEBUG\"}" })
	void onlyTheOperatorChanges(String method, String path, String body) throws Exception {
		try (TestClient client = connected(1)) {
			HttpResponse<String> anonymous = call("", method, path, body);
			assertThat(anonymous.statusCode()).isEqualTo(401);
			assertThat(anonymous.headers().firstValue("WWW-Authenticate")).hasValue("Basic realm=\"echod\"");
			assertThat(anonymous.headers().map()).doesNotContainKey("set-cookie");
			assertThat(call("operator:wrong", method, path, body).statusCode()).isEqualTo(401);
			assertThat(call(VIEWER, method, path, body).statusCode()).isEqualTo(403);
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(AdminIT.<String>read("listeners/echo", "$.state")).isEqualTo("ACCEPTING");
		}
		String request = "%s /actuator/%s".formatted(method, path.replaceFirst("\\?.*", ""));
		List<Map<String, Object>> audited = read("auditevents",
				"$.events[?(@.type == 'REFUSED' && @.data.what == '%s')]".formatted(request));
		assertThat(audited).extracting((event) -> event.get("principal"))
			.containsSequence("anonymous", "operator", "viewer");
		assertThat(echod.output()).contains("REFUSED: %s by viewer".formatted(request));
	}

	@Test
	void healthAndInfoAreOpenAndTheRestIsNot() throws Exception {
		for (String open : List.of("health", "health/liveness", "health/readiness", "info", "prometheus")) {
			assertThat(call("", "GET", open, "").statusCode()).as(open).isEqualTo(200);
		}
		for (String closed : List.of("listeners", "connections", "closedconnections", "metrics", "loggers",
				"auditevents", "nothing")) {
			assertThat(call("", "GET", closed, "").statusCode()).as(closed).isEqualTo(401);
		}
	}

	@Test
	void connectionsAreListedFilteredSortedAndPaged() throws Exception {
		List<TestClient> clients = new ArrayList<>();
		for (int i = 1; i <= 5; i++) {
			clients.add(connected(i * 10));
		}
		assertThat(AdminIT.<List<Integer>>read("connections?sort=-bytesReceived&limit=2&offset=1",
				"$.connections[*].bytesReceived"))
			.containsExactly(40, 30);
		assertThat(AdminIT.<Integer>read("connections?limit=2", "$.matched")).isEqualTo(5);
		assertThat(AdminIT.<Integer>read("connections?peer=10.0.0.0/8", "$.matched")).isZero();
		assertThat(AdminIT.<Integer>read("connections?peer=127.0.0.0/8&listener=echo&state=open", "$.matched"))
			.isEqualTo(5);
		assertThat(AdminIT.<Integer>read("connections?idleFor=PT1M", "$.matched")).isZero();
		assertThat(AdminIT.<Integer>read("connections?listener=second", "$.matched")).isZero();
		Map<String, Object> one = read("connections/" + idOf(clients.getFirst()), "$");
		assertThat(one).containsEntry("bytesReceived", 10)
			.containsEntry("bytesSent", 10)
			.containsEntry("messages", 1)
			.containsEntry("pendingBytes", 0)
			.containsEntry("state", "OPEN")
			.containsEntry("local", "127.0.0.1:" + echod.port())
			.containsEntry("tls", null)
			.containsEntry("proxied", null);
		for (TestClient client : clients) {
			client.close();
		}
		await().until(() -> AdminIT.<Integer>read("connections", "$.total") == 0);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '|', value = {
			"GET;connections?idleFor=soon;'idleFor' takes a time such as PT1M or 90s, not 'soon'",
			"GET;connections?peer=example.org;'peer' takes an address or a range such as 10.0.0.0/8, not 'example.org'",
			"GET;connections?peer=10.0.0.0/33;'peer' takes",
			"GET;connections?limit=0;'limit' takes a number from 1 to 1000, not '0'",
			"GET;connections?offset=-1;'offset' takes", "GET;connections?sort=age;'sort' takes bytesReceived or",
			"GET;connections?state=gone;'state' takes OPEN or CLOSING, not 'gone'",
			"DELETE;connections;Say which connections",
			"DELETE;connections?listener=echo&expect=x;'expect' takes a number",
			"DELETE;connections?listener=echo&dryRun=maybe;'dryRun' takes true or false",
			"DELETE;connections/echo-1?mode=kill;'mode' takes GRACEFUL or RESET, not 'kill'" })
	void wrongParametersGetOneSentence(String method, String path, String sentence) throws Exception {
		HttpResponse<String> response = call(OPERATOR, method, path, "");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(JsonPath.<String>read(response.body(), "$.error")).startsWith(sentence);
	}

	@Test
	void unknownNamesAreNotFound() throws Exception {
		assertThat(get("connections/echo-zzz").statusCode()).isEqualTo(404);
		assertThat(call(OPERATOR, "DELETE", "connections/echo-zzz", "").statusCode()).isEqualTo(404);
		assertThat(get("listeners/none").statusCode()).isEqualTo(404);
		assertThat(call(OPERATOR, "POST", "listeners/none", "{\"state\":\"PAUSED\"}").statusCode()).isEqualTo(404);
	}

	@Test
	void gracefulCloseSendsFinAndIsRemembered() throws Exception {
		try (TestClient client = connected(7)) {
			String id = idOf(client);
			assertThat(call(OPERATOR, "DELETE", "connections/%s?reason=maintenance".formatted(id), "").statusCode())
				.isEqualTo(200);
			assertThat(client.receiveToEnd()).isEmpty();
			client.sendFin();
			await().until(() -> get("connections/" + id).statusCode() == 404);
			assertThat(AdminIT.<List<Map<String, Object>>>read("closedconnections",
					"$.connections[?(@.id == '%s')]".formatted(id)))
				.singleElement()
				.satisfies((closed) -> assertThat(closed).containsEntry("reason", "OPERATOR_CLOSED")
					.containsEntry("bytesReceived", 7)
					.containsEntry("bytesSent", 7));
			assertThat(AdminIT.<List<String>>read("auditevents",
					"$.events[?(@.type == 'CONNECTION_CLOSED' && @.data.what == '%s graceful')].data.reason"
						.formatted(id)))
				.containsExactly("maintenance");
			assertThat(echod.output())
				.contains("CONNECTION_CLOSED: %s graceful by operator, because: maintenance".formatted(id));
		}
	}

	@Test
	void resetIsAReset() throws Exception {
		try (TestClient client = connected(7)) {
			assertThat(call(OPERATOR, "DELETE", "connections/%s?mode=reset".formatted(idOf(client)), "").statusCode())
				.isEqualTo(200);
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::receiveToEnd)
				.withMessageContaining("reset");
		}
	}

	@Test
	void closingByFilterClosesWhatIsExpectedOrNothing() throws Exception {
		try (TestClient one = connected(1); TestClient two = connected(2)) {
			String filter = "connections?peer=127.0.0.0/8";
			HttpResponse<String> conflict = call(OPERATOR, "DELETE", filter + "&expect=1", "");
			assertThat(conflict.statusCode()).isEqualTo(409);
			assertThat(conflict.body()).contains("2 connections match, not 1; none was closed");
			assertThat(call(OPERATOR, "DELETE", filter + "&dryRun=true", "").body())
				.isEqualTo("{\"matched\":2,\"closed\":0}");
			assertThat(call(OPERATOR, "DELETE", "connections?idleFor=PT1M", "").body())
				.isEqualTo("{\"matched\":0,\"closed\":0}");
			assertThat(one.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(two.send(new byte[] { 2 }).receive(1)).containsExactly(2);
			assertThat(call(OPERATOR, "DELETE", filter + "&expect=2", "").body())
				.isEqualTo("{\"matched\":2,\"closed\":2}");
			assertThat(one.receiveToEnd()).isEmpty();
			assertThat(two.receiveToEnd()).isEmpty();
		}
		await().until(() -> AdminIT.<Integer>read("connections", "$.total") == 0);
	}

	@Test
	void pausedListenerRefusesNewClientsAndKeepsItsConnections() throws Exception {
		int port = echod.port();
		try (TestClient client = connected(3)) {
			HttpResponse<String> paused = call(OPERATOR, "POST", "listeners/echo", "{\"state\":\"PAUSED\"}");
			assertThat(JsonPath.<String>read(paused.body(), "$.state")).isEqualTo("PAUSED");
			assertThat(JsonPath.<Integer>read(paused.body(), "$.port")).isEqualTo(port);
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new TestClient(port));
			assertThat(call("", "GET", "health/readiness", "").statusCode()).isEqualTo(503);
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(JsonPath
				.<String>read(call(OPERATOR, "POST", "listeners/echo", "{\"state\":\"ACCEPTING\"}").body(), "$.state"))
				.isEqualTo("ACCEPTING");
			try (TestClient late = connected(4)) {
				assertThat(late.send(new byte[] { 5 }).receive(1)).containsExactly(5);
			}
		}
	}

	@Test
	void listenersShowTheirConfigurationAndTotals() throws Exception {
		int openedBefore = read("listeners/echo", "$.connections.opened");
		int receivedBefore = read("listeners/echo", "$.bytes.received");
		int sentBefore = read("listeners/echo", "$.bytes.sent");
		try (TestClient client = connected(1_000)) {
			assertThat(AdminIT.<Integer>read("listeners/echo", "$.connections.active")).isEqualTo(1);
			assertThat(AdminIT.<Integer>read("listeners/echo", "$.connections.opened")).isEqualTo(openedBefore + 1);
			assertThat(AdminIT.<Integer>read("listeners/echo", "$.bytes.received")).isEqualTo(receivedBefore + 1_000);
			assertThat(AdminIT.<Integer>read("listeners/echo", "$.bytes.sent")).isEqualTo(sentBefore + 1_000);
			assertThat(client.sendFin().receiveToEnd()).isEmpty();
		}
		Map<String, Object> second = read("listeners", "$.second");
		assertThat(second).containsEntry("address", "0.0.0.0")
			.containsEntry("state", "ACCEPTING")
			.containsEntry("concurrency", "event-loop")
			.containsEntry("framing", "stream")
			.containsEntry("service", "echo")
			.containsEntry("tls", false);
	}

	@Test
	void metersEqualWhatClientsCounted() throws Exception {
		double received = meter("echod_bytes_total{direction=\"received\",listener=\"second\"}");
		double closed = meter("echod_connections_closed_total{listener=\"second\",reason=\"PEER_CLOSED\"}");
		double reset = meter("echod_connections_closed_total{listener=\"second\",reason=\"PEER_RESET\"}");
		int second = read("listeners/second", "$.port");
		for (int i = 1; i <= 10; i++) {
			try (TestClient client = new TestClient(second)) {
				client.send(TestClient.randomBytes(i, i * 100)).receive(i * 100);
				if (i > 7) {
					client.reset();
				}
			}
		}
		await().until(() -> meter("echod_connections_active{listener=\"second\"}") == 0);
		assertThat(meter("echod_bytes_total{direction=\"received\",listener=\"second\"}")).isEqualTo(received + 5_500);
		assertThat(meter("echod_bytes_total{direction=\"sent\",listener=\"second\"}")).isEqualTo(received + 5_500);
		assertThat(meter("echod_connections_closed_total{listener=\"second\",reason=\"PEER_CLOSED\"}"))
			.isEqualTo(closed + 7);
		assertThat(meter("echod_connections_closed_total{listener=\"second\",reason=\"PEER_RESET\"}"))
			.isEqualTo(reset + 3);
		assertThat(meter("echod_connection_duration_seconds_count{listener=\"second\"}"))
			.isEqualTo(meter("echod_connections_opened_total{listener=\"second\"}"));
	}

	private static double meter(String series) throws Exception {
		return call("", "GET", "prometheus", "").body()
			.lines()
			.filter((line) -> line.startsWith(series + " "))
			.mapToDouble((line) -> Double.parseDouble(line.substring(series.length() + 1)))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void prometheusTextPassesPromtool() throws Exception {
		assumeThat(new ProcessBuilder("which", "promtool").start().waitFor()).as("promtool is installed").isZero();
		Process promtool = new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
		String text = call("", "GET", "prometheus", "").body();
		assertThat(text).contains("echod_messages");
		try (var input = promtool.outputWriter(StandardCharsets.UTF_8)) {
			input.write(text);
		}
		String complaints = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(complaints.lines()).noneMatch((line) -> line.startsWith("echod_") || line.contains("error"));
	}

	@Test
	void probeAnswersWithRoundTrips() throws Exception {
		HttpResponse<String> probed = call(OPERATOR, "POST", "probe",
				"{\"host\":\"127.0.0.1\",\"port\":%d,\"payload\":\"hello\",\"count\":3}".formatted(echod.port()));
		assertThat(probed.statusCode()).isEqualTo(200);
		assertThat(JsonPath.<Boolean>read(probed.body(), "$.echoed")).isTrue();
		assertThat(JsonPath.<Integer>read(probed.body(), "$.bytes")).isEqualTo(5);
		assertThat(JsonPath.<List<String>>read(probed.body(), "$.roundTrips")).hasSize(3)
			.allMatch((time) -> time.startsWith("PT"));
		HttpResponse<String> failed = call(OPERATOR, "POST", "probe", "{\"host\":\"127.0.0.1\",\"port\":1}");
		assertThat(failed.statusCode()).isEqualTo(200);
		assertThat(JsonPath.<Boolean>read(failed.body(), "$.echoed")).isFalse();
		assertThat(JsonPath.<String>read(failed.body(), "$.error")).containsIgnoringCase("refused");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '|',
			value = { "not json", "[]", "{}", "{\"state\":7}", "{\"state\":{\"a\":1}}", "{\"state\":\"STOPPED\"}" })
	void bodyThatMakesNoSenseIsTheClientsError(String body) throws Exception {
		assertThat(call(OPERATOR, "POST", "listeners/echo", body).statusCode()).isEqualTo(400);
		assertThat(AdminIT.<String>read("listeners/echo", "$.state")).isEqualTo("ACCEPTING");
	}

	@Test
	void bodyThatIsTooLargeIsTheClientsError() throws Exception {
		String large = "{\"state\":\"%s\"}".formatted("x".repeat(1_000_000));
		assertThat(call(OPERATOR, "POST", "listeners/echo", large).statusCode()).isBetween(400, 499);
	}

	@Test
	void foreignOriginChangesNothing() throws Exception {
		String pause = "{\"state\":\"PAUSED\"}";
		assertThat(call(OPERATOR, "POST", "listeners/echo", pause, "Origin", "https://example.org").statusCode())
			.isEqualTo(403);
		assertThat(call(OPERATOR, "POST", "listeners/echo", pause, "Origin", "null").statusCode()).isEqualTo(403);
		assertThat(AdminIT.<String>read("listeners/echo", "$.state")).isEqualTo("ACCEPTING");
		String own = "http://127.0.0.1:" + echod.adminPort();
		assertThat(call(OPERATOR, "POST", "listeners/echo", "{\"state\":\"ACCEPTING\"}", "Origin", own).statusCode())
			.isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "example.org,403", "example.org:8081,403", "localhost,200", "127.0.0.1:80,200", "[::1],200" })
	void hostMustBeALoopbackName(String host, int status) throws Exception {
		try (TestClient client = new TestClient(echod.adminPort())) {
			client.send("GET /actuator/health HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host)
				.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(client.receiveToEnd(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 " + status);
		}
	}

	@Test
	void generatedPasswordIsLoggedOnceAndWorks() throws Exception {
		try (EchodProcess generated = EchodProcess.service()) {
			var password = Pattern.compile("user 'operator' has the generated password (\\S+) ")
				.matcher(generated.output());
			assertThat(password.find()).isTrue();
			String credentials = "operator:" + password.group(1);
			HttpResponse<String> listed = http.send(HttpRequest
				.newBuilder(URI.create("http://127.0.0.1:%d/actuator/listeners".formatted(generated.adminPort())))
				.header("Authorization",
						"Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
				.build(), HttpResponse.BodyHandlers.ofString());
			assertThat(listed.statusCode()).isEqualTo(200);
			assertThat(password.find()).isFalse();
		}
	}

	@Test
	void bcryptPasswordWorksWhereOtherMachinesReachTheAdminApi() throws Exception {
		String bcrypt = new BCryptPasswordEncoder(4).encode("secret");
		try (EchodProcess exposed = EchodProcess.service("--server.address=0.0.0.0",
				"--echod.admin.operator.password={bcrypt}" + bcrypt);
				TestClient client = new TestClient(exposed.adminPort())) {
			String basic = Base64.getEncoder().encodeToString(OPERATOR.getBytes(StandardCharsets.UTF_8));
			String headers = "Host: pod.example\r\nConnection: close\r\nAuthorization: Basic " + basic;
			client.send("GET /actuator/listeners HTTP/1.1\r\n%s\r\n\r\n".formatted(headers)
				.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(client.receiveToEnd(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 200");
		}
	}

}
