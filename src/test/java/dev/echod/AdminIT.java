package dev.echod;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.AdminClient;
import dev.echod.testing.Chart;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.OPERATOR;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * The admin API of the packaged service: who may do what, and what it does.
 */
class AdminIT {

	@SuppressWarnings("NullAway.Init")
	private static EchodProcess echod;

	@SuppressWarnings("NullAway.Init")
	private static AdminClient admin;

	@BeforeAll
	static void start() {
		echod = EchodProcess.administered("--echod.listeners.second.port=0");
		admin = new AdminClient(echod.adminPort());
	}

	@AfterAll
	static void stop() {
		admin.close();
		echod.close();
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
		List<String> ids = admin.read("connections", "$.connections[?(@.peer == '%s')].id".formatted(peer));
		assertThat(ids).hasSize(1);
		return ids.getFirst();
	}

	@ParameterizedTest
	@CsvSource({ "POST,listeners/echo,{\"state\":\"PAUSED\"}", "DELETE,connections/echo-1,''",
			"DELETE,connections?listener=echo,''", "POST,probe,{\"host\":\"127.0.0.1\"}",
			"POST,loggers/dev.echod,{\"configuredLevel\":\"DEBUG\"}", "POST,drain,{\"deadline\":\"1s\"}",
			"DELETE,drain,''", "POST,shutdown,''" })
	void onlyTheOperatorChanges(String method, String path, String body) throws Exception {
		try (TestClient client = connected(1)) {
			HttpResponse<String> anonymous = admin.call(NOBODY, method, path, body);
			assertThat(anonymous.statusCode()).isEqualTo(401);
			assertThat(anonymous.headers().firstValue("WWW-Authenticate")).hasValue("Basic realm=\"echod\"");
			assertThat(anonymous.headers().map()).doesNotContainKey("set-cookie");
			assertThat(admin.call("operator:wrong", method, path, body).statusCode()).isEqualTo(401);
			assertThat(admin.call(VIEWER, method, path, body).statusCode()).isEqualTo(403);
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(admin.<String>read("listeners/echo", "$.state")).isEqualTo("ACCEPTING");
		}
		String request = "%s /actuator/%s".formatted(method, path.replaceFirst("\\?.*", ""));
		List<Map<String, Object>> audited = admin.read("auditevents",
				"$.events[?(@.type == 'REFUSED' && @.data.what == '%s')]".formatted(request));
		assertThat(audited).extracting((event) -> event.get("principal"))
			.containsSequence("anonymous", "operator", "viewer");
		assertThat(echod.output()).contains("REFUSED: %s by viewer".formatted(request));
	}

	@Test
	void healthAndInfoAreOpenAndTheRestIsNot() throws Exception {
		for (String open : List.of("health", "health/liveness", "health/readiness", "info", "prometheus")) {
			assertThat(admin.call(NOBODY, "GET", open, "").statusCode()).as(open).isEqualTo(200);
		}
		for (String closed : List.of("listeners", "connections", "closedconnections", "metrics", "loggers",
				"auditevents", "nothing")) {
			assertThat(admin.call(NOBODY, "GET", closed, "").statusCode()).as(closed).isEqualTo(401);
		}
	}

	@Test
	void connectionsAreListedFilteredSortedAndPaged() throws Exception {
		List<TestClient> clients = new ArrayList<>();
		for (int i = 1; i <= 5; i++) {
			clients.add(connected(i * 10));
		}
		assertThat(admin.<List<Integer>>read("connections?sort=-bytesReceived&limit=2&offset=1",
				"$.connections[*].bytesReceived"))
			.containsExactly(40, 30);
		assertThat(admin.<Integer>read("connections?limit=2", "$.matched")).isEqualTo(5);
		assertThat(admin.<Integer>read("connections?peer=10.0.0.0/8", "$.matched")).isZero();
		assertThat(admin.<Integer>read("connections?peer=127.0.0.0/8&listener=echo&state=open", "$.matched"))
			.isEqualTo(5);
		assertThat(admin.<Integer>read("connections?idleFor=PT1M", "$.matched")).isZero();
		assertThat(admin.<Integer>read("connections?listener=second", "$.matched")).isZero();
		Map<String, Object> one = admin.read("connections/" + idOf(clients.getFirst()), "$");
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
		await().until(() -> admin.<Integer>read("connections", "$.total") == 0);
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
		HttpResponse<String> response = admin.call(OPERATOR, method, path, "");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(JsonPath.<String>read(response.body(), "$.error")).startsWith(sentence);
	}

	@Test
	void unknownNamesAreNotFound() throws Exception {
		assertThat(admin.call(VIEWER, "GET", "connections/echo-zzz", "").statusCode()).isEqualTo(404);
		assertThat(admin.call(OPERATOR, "DELETE", "connections/echo-zzz", "").statusCode()).isEqualTo(404);
		assertThat(admin.call(VIEWER, "GET", "listeners/none", "").statusCode()).isEqualTo(404);
		assertThat(admin.call(OPERATOR, "POST", "listeners/none", "{\"state\":\"PAUSED\"}").statusCode())
			.isEqualTo(404);
	}

	@Test
	void gracefulCloseSendsFinAndIsRemembered() throws Exception {
		try (TestClient client = connected(7)) {
			String id = idOf(client);
			assertThat(
					admin.call(OPERATOR, "DELETE", "connections/%s?reason=maintenance".formatted(id), "").statusCode())
				.isEqualTo(200);
			assertThat(client.receiveToEnd()).isEmpty();
			client.sendFin();
			await().until(() -> admin.call(VIEWER, "GET", "connections/" + id, "").statusCode() == 404);
			assertThat(admin.<List<Map<String, Object>>>read("closedconnections",
					"$.connections[?(@.id == '%s')]".formatted(id)))
				.singleElement()
				.satisfies((closed) -> assertThat(closed).containsEntry("reason", "OPERATOR_CLOSED")
					.containsEntry("bytesReceived", 7)
					.containsEntry("bytesSent", 7));
			assertThat(admin.<List<String>>read("auditevents",
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
			assertThat(admin.call(OPERATOR, "DELETE", "connections/%s?mode=reset".formatted(idOf(client)), "")
				.statusCode()).isEqualTo(200);
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::receiveToEnd)
				.withMessageContaining("reset");
		}
	}

	@Test
	void closingByFilterClosesWhatIsExpectedOrNothing() throws Exception {
		try (TestClient one = connected(1); TestClient two = connected(2)) {
			String filter = "connections?peer=127.0.0.0/8";
			HttpResponse<String> conflict = admin.call(OPERATOR, "DELETE", filter + "&expect=1", "");
			assertThat(conflict.statusCode()).isEqualTo(409);
			assertThat(conflict.body()).contains("2 connections match, not 1; none was closed");
			assertThat(admin.call(OPERATOR, "DELETE", filter + "&dryRun=true", "").body())
				.isEqualTo("{\"matched\":2,\"closed\":0}");
			assertThat(admin.call(OPERATOR, "DELETE", "connections?idleFor=PT1M", "").body())
				.isEqualTo("{\"matched\":0,\"closed\":0}");
			assertThat(one.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(two.send(new byte[] { 2 }).receive(1)).containsExactly(2);
			assertThat(admin.call(OPERATOR, "DELETE", filter + "&expect=2", "").body())
				.isEqualTo("{\"matched\":2,\"closed\":2}");
			assertThat(one.receiveToEnd()).isEmpty();
			assertThat(two.receiveToEnd()).isEmpty();
		}
		await().until(() -> admin.<Integer>read("connections", "$.total") == 0);
	}

	@Test
	void closingTheIdleLeavesTheBusy() throws Exception {
		try (TestClient idle = connected(1); TestClient busy = connected(2)) {
			String id = idOf(idle);
			await().until(() -> {
				busy.send(new byte[] { 1 }).receive(1);
				return admin.<Integer>read("connections?idleFor=PT1S", "$.matched") == 1;
			});
			assertThat(admin.<String>read("connections?idleFor=PT1S", "$.connections[0].id")).isEqualTo(id);
			assertThat(admin.call(OPERATOR, "DELETE", "connections?idleFor=PT1S", "").body())
				.isEqualTo("{\"matched\":1,\"closed\":1}");
			assertThat(idle.receiveToEnd()).isEmpty();
			assertThat(busy.send(new byte[] { 2 }).receive(1)).containsExactly(2);
		}
	}

	@Test
	void pausedListenerRefusesNewClientsAndKeepsItsConnections() throws Exception {
		int port = echod.port();
		try (TestClient client = connected(3)) {
			HttpResponse<String> paused = admin.call(OPERATOR, "POST", "listeners/echo", "{\"state\":\"PAUSED\"}");
			assertThat(JsonPath.<String>read(paused.body(), "$.state")).isEqualTo("PAUSED");
			assertThat(JsonPath.<Integer>read(paused.body(), "$.port")).isEqualTo(port);
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new TestClient(port));
			assertThat(admin.call(NOBODY, "GET", "health/readiness", "").statusCode()).isEqualTo(503);
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(JsonPath.<String>read(
					admin.call(OPERATOR, "POST", "listeners/echo", "{\"state\":\"ACCEPTING\"}").body(), "$.state"))
				.isEqualTo("ACCEPTING");
			try (TestClient late = connected(4)) {
				assertThat(late.send(new byte[] { 5 }).receive(1)).containsExactly(5);
			}
		}
	}

	@Test
	void listenersShowTheirConfigurationAndTotals() throws Exception {
		int openedBefore = admin.read("listeners/echo", "$.connections.opened");
		int receivedBefore = admin.read("listeners/echo", "$.bytes.received");
		int sentBefore = admin.read("listeners/echo", "$.bytes.sent");
		try (TestClient client = connected(1_000)) {
			assertThat(admin.<Integer>read("listeners/echo", "$.connections.active")).isEqualTo(1);
			assertThat(admin.<Integer>read("listeners/echo", "$.connections.opened")).isEqualTo(openedBefore + 1);
			assertThat(admin.<Integer>read("listeners/echo", "$.bytes.received")).isEqualTo(receivedBefore + 1_000);
			assertThat(admin.<Integer>read("listeners/echo", "$.bytes.sent")).isEqualTo(sentBefore + 1_000);
			assertThat(client.sendFin().receiveToEnd()).isEmpty();
		}
		Map<String, Object> second = admin.read("listeners", "$.second");
		assertThat(second).containsEntry("address", "0.0.0.0")
			.containsEntry("state", "ACCEPTING")
			.containsEntry("concurrency", "event-loop")
			.containsEntry("framing", "stream")
			.containsEntry("service", "echo")
			.containsEntry("tls", false);
	}

	@Test
	void metersEqualWhatClientsCounted() throws Exception {
		double received = admin.meter("echod_bytes_total{direction=\"received\",listener=\"second\"}");
		double closed = admin.meter("echod_connections_closed_total{listener=\"second\",reason=\"PEER_CLOSED\"}");
		double reset = admin.meter("echod_connections_closed_total{listener=\"second\",reason=\"PEER_RESET\"}");
		int second = admin.read("listeners/second", "$.port");
		for (int i = 1; i <= 10; i++) {
			try (TestClient client = new TestClient(second)) {
				client.send(TestClient.randomBytes(i, i * 100)).receive(i * 100);
				if (i > 7) {
					client.reset();
				}
			}
		}
		await().until(() -> admin.meter("echod_connections_active{listener=\"second\"}") == 0);
		assertThat(admin.meter("echod_bytes_total{direction=\"received\",listener=\"second\"}"))
			.isEqualTo(received + 5_500);
		assertThat(admin.meter("echod_bytes_total{direction=\"sent\",listener=\"second\"}"))
			.isEqualTo(received + 5_500);
		assertThat(admin.meter("echod_connections_closed_total{listener=\"second\",reason=\"PEER_CLOSED\"}"))
			.isEqualTo(closed + 7);
		assertThat(admin.meter("echod_connections_closed_total{listener=\"second\",reason=\"PEER_RESET\"}"))
			.isEqualTo(reset + 3);
		assertThat(admin.meter("echod_connection_duration_seconds_count{listener=\"second\"}"))
			.isEqualTo(admin.meter("echod_connections_opened_total{listener=\"second\"}"));
	}

	@Test
	void infoNamesBuildCommitJavaAndTransports() throws Exception {
		HttpResponse<String> info = admin.call(NOBODY, "GET", "info", "");
		assertThat(JsonPath.<String>read(info.body(), "$.build.version")).isNotEmpty();
		assertThat(JsonPath.<String>read(info.body(), "$.git.commit.id")).matches("[0-9a-f]{7,}");
		assertThat(JsonPath.<String>read(info.body(), "$.java.version")).startsWith("25");
		assertThat(JsonPath.<String>read(info.body(), "$.transport.inUse"))
			.isEqualTo(admin.read("listeners/echo", "$.transport"));
		Map<String, String> others = JsonPath.read(info.body(), "$.transport.others");
		assertThat(others).hasSize(3).allSatisfy((transport, why) -> assertThat(why).isNotEmpty());
	}

	@Test
	void changeThroughActuatorsOwnEndpointIsAudited() throws Exception {
		String level = "{\"configuredLevel\":\"INFO\"}";
		assertThat(admin.call(OPERATOR, "POST", "loggers/dev.echod.none", level).statusCode()).isEqualTo(204);
		List<Map<String, Object>> audited = admin.read("auditevents", "$.events[?(@.type == 'LOGGER_CHANGED')]");
		assertThat(audited).hasSize(1);
		assertThat(audited.getFirst()).containsEntry("principal", "operator");
		assertThat(String.valueOf(audited.getFirst().get("data"))).contains("dev.echod.none", "INFO");
	}

	@Test
	void nettysOwnMetersAreThere() throws Exception {
		String text = admin.call(NOBODY, "GET", "prometheus", "").body();
		assertThat(text).contains("netty_allocator_memory_used{", "netty_eventexecutor_tasks_pending{");
	}

	@Test
	void prometheusTextPassesPromtool() throws Exception {
		assumeThat(new ProcessBuilder("which", "promtool").start().waitFor()).as("promtool is installed").isZero();
		Process promtool = new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
		String text = admin.call(NOBODY, "GET", "prometheus", "").body();
		assertThat(text).contains("echod_messages");
		try (var input = promtool.outputWriter(StandardCharsets.UTF_8)) {
			input.write(text);
		}
		String complaints = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(complaints).isEmpty();
		assertThat(promtool.waitFor()).isZero();
	}

	@Test
	void eachMeterThatTheChartAsksForIsThere() throws Exception {
		List<String> names = admin.call(NOBODY, "GET", "prometheus", "")
			.body()
			.lines()
			.map((line) -> line.replaceAll("[ {].*", ""))
			.toList();
		assertThat(names).containsAll(Chart.render(Chart.EVERYTHING).meters());
	}

	@Test
	void softwareBillOfMaterialsListsTheDependencies() throws Exception {
		assertThat(admin.call(NOBODY, "GET", "sbom/application", "").statusCode()).isEqualTo(401);
		HttpResponse<String> bill = admin.call(VIEWER, "GET", "sbom/application", "");
		assertThat(bill.headers().firstValue("Content-Type")).hasValue("application/vnd.cyclonedx+json");
		assertThat(JsonPath.<String>read(bill.body(), "$.metadata.component.name")).isEqualTo("echod");
		assertThat(JsonPath.<List<String>>read(bill.body(), "$.components[*].name"))
			.contains("spring-integration-ip", "netty-transport")
			.doesNotContain("spring-boot-starter-test");
	}

	@Test
	void probeAnswersWithRoundTrips() throws Exception {
		HttpResponse<String> probed = admin.call(OPERATOR, "POST", "probe",
				"{\"host\":\"127.0.0.1\",\"port\":%d,\"payload\":\"hello\",\"count\":3}".formatted(echod.port()));
		assertThat(probed.statusCode()).isEqualTo(200);
		assertThat(JsonPath.<Boolean>read(probed.body(), "$.echoed")).isTrue();
		assertThat(JsonPath.<Integer>read(probed.body(), "$.bytes")).isEqualTo(5);
		assertThat(JsonPath.<List<String>>read(probed.body(), "$.roundTrips")).hasSize(3)
			.allMatch((time) -> time.startsWith("PT"));
		HttpResponse<String> failed = admin.call(OPERATOR, "POST", "probe", "{\"host\":\"127.0.0.1\",\"port\":1}");
		assertThat(failed.statusCode()).isEqualTo(200);
		assertThat(JsonPath.<Boolean>read(failed.body(), "$.echoed")).isFalse();
		assertThat(JsonPath.<String>read(failed.body(), "$.error")).containsIgnoringCase("refused");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '|',
			value = { "not json", "[]", "{}", "{\"state\":7}", "{\"state\":{\"a\":1}}", "{\"state\":\"STOPPED\"}" })
	void bodyThatMakesNoSenseIsTheClientsError(String body) throws Exception {
		assertThat(admin.call(OPERATOR, "POST", "listeners/echo", body).statusCode()).isEqualTo(400);
		assertThat(admin.<String>read("listeners/echo", "$.state")).isEqualTo("ACCEPTING");
	}

	@Test
	void bodyThatIsTooLargeIsTheClientsError() throws Exception {
		String large = "{\"state\":\"%s\"}".formatted("x".repeat(1_000_000));
		assertThat(admin.call(OPERATOR, "POST", "listeners/echo", large).statusCode()).isBetween(400, 499);
	}

	@Test
	void foreignOriginChangesNothing() throws Exception {
		String pause = "{\"state\":\"PAUSED\"}";
		assertThat(admin.call(OPERATOR, "POST", "listeners/echo", pause, "Origin", "https://example.org").statusCode())
			.isEqualTo(403);
		assertThat(admin.call(OPERATOR, "POST", "listeners/echo", pause, "Origin", "null").statusCode()).isEqualTo(403);
		assertThat(admin.<String>read("listeners/echo", "$.state")).isEqualTo("ACCEPTING");
		String own = "http://127.0.0.1:" + echod.adminPort();
		assertThat(
				admin.call(OPERATOR, "POST", "listeners/echo", "{\"state\":\"ACCEPTING\"}", "Origin", own).statusCode())
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
			try (AdminClient operator = new AdminClient(generated.adminPort())) {
				assertThat(operator.call("operator:" + password.group(1), "GET", "listeners", "").statusCode())
					.isEqualTo(200);
			}
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
