package dev.echod.admin;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import dev.echod.EchodApplication;
import dev.echod.testing.AdminClient;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import static dev.echod.testing.AdminClient.OPERATOR;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Limits and access lists in the admin API.
 */
@SpringBootTest(classes = EchodApplication.class, webEnvironment = WebEnvironment.DEFINED_PORT,
		properties = { "server.port=0", "echod.listeners.echo.port=0", "echod.listeners.echo.access.deny=127.0.0.66",
				"echod.listeners.echo.access.allow=127.0.0.0/8,2001:db8::/32", "echod.listeners.echo.limits.idle=10m",
				"echod.admin.operator.password=secret", "echod.admin.viewer.name=viewer",
				"echod.admin.viewer.password=look" })
class ListenerLimitsApiTests {

	private static final String CONFIGURED = "{\"limits\":{\"connections\":0,\"connectionsPerAddress\":0,"
			+ "\"acceptsPerSecond\":0,\"readBytesPerSecond\":0,\"writeBytesPerSecond\":0,\"idle\":\"10m\",\"maxAge\":0,\"writeStall\":\"60s\",\"handshake\":\"10s\"}}";

	@Value("${local.server.port}")
	private int adminPort;

	@SuppressWarnings("NullAway.Init")
	private AdminClient admin;

	@BeforeEach
	void connect() {
		this.admin = new AdminClient(this.adminPort);
	}

	@AfterEach
	void disconnect() throws Exception {
		assertThat(post(CONFIGURED).statusCode()).isEqualTo(200);
		this.admin.close();
	}

	private HttpResponse<String> post(String body) throws Exception {
		return this.admin.call(OPERATOR, "POST", "listeners/echo", body);
	}

	@Test
	void limitsAndAccessListsAreShown() throws Exception {
		assertThat(this.admin.<Map<String, Object>>read("listeners/echo", "$.limits")).containsEntry("connections", 0)
			.containsEntry("connectionsPerAddress", 0)
			.containsEntry("acceptsPerSecond", 0)
			.containsEntry("readBytesPerSecond", 0)
			.containsEntry("writeBytesPerSecond", 0)
			.containsEntry("idle", "PT10M")
			.containsEntry("idleSeconds", 600.0)
			.containsEntry("maxAge", "PT0S")
			.containsEntry("writeStall", "PT1M")
			.containsEntry("writeStallSeconds", 60.0)
			.containsEntry("handshake", "PT10S")
			.containsEntry("handshakeSeconds", 10.0);
		assertThat(this.admin.<Map<String, Object>>read("listeners/echo", "$.access"))
			.containsEntry("allow", List.of("127.0.0.0/8", "2001:db8::/32"))
			.containsEntry("deny", List.of("127.0.0.66"));
	}

	@Test
	void limitsChangeHoldAndAreAudited() throws Exception {
		int port = this.admin.read("listeners/echo", "$.port");
		try (TestClient client = new TestClient(port)) {
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			HttpResponse<String> changed = post(
					"{\"limits\":{\"connections\":1,\"idle\":\"500ms\"},\"reason\":\"a test\"}");
			assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
			assertThat(JsonPath.<Integer>read(changed.body(), "$.limits.connections")).isEqualTo(1);
			assertThat(JsonPath.<String>read(changed.body(), "$.limits.idle")).isEqualTo("PT0.5S");
			assertThat(JsonPath.<String>read(changed.body(), "$.limits.writeStall")).isEqualTo("PT1M");
			assertThat(client.receiveToEnd()).isEmpty();
		}
		await().until(() -> this.admin
			.meter("echod_connections_closed_total{listener=\"echo\",reason=\"IDLE_TIMEOUT\"}") == 1);
		List<Map<String, Object>> audited = this.admin.read("auditevents",
				"$.events[?(@.type == 'LISTENER_LIMITED' && @.data.reason == 'a test')].data");
		assertThat(audited).singleElement()
			.satisfies(
					(data) -> assertThat(data).containsEntry("what", "echo: connections 0 to 1, idle PT10M to PT0.5S"));
	}

	@Test
	void eachLimitIsWhatItWasChangedToAndNoOther() throws Exception {
		Map<String, Object> changed = Map.ofEntries(Map.entry("connections", 11),
				Map.entry("connectionsPerAddress", 12), Map.entry("acceptsPerSecond", 13),
				Map.entry("readBytesPerSecond", 14_000), Map.entry("writeBytesPerSecond", 15_000),
				Map.entry("idle", "PT16M"), Map.entry("idleSeconds", 960.0), Map.entry("maxAge", "PT17H"),
				Map.entry("maxAgeSeconds", 61_200.0), Map.entry("writeStall", "PT18M"),
				Map.entry("writeStallSeconds", 1_080.0), Map.entry("handshake", "PT19S"),
				Map.entry("handshakeSeconds", 19.0));
		HttpResponse<String> response = post("{\"limits\":{\"connections\":11,\"connectionsPerAddress\":12,"
				+ "\"acceptsPerSecond\":13,\"readBytesPerSecond\":14000,\"writeBytesPerSecond\":\"15000B\","
				+ "\"idle\":\"16m\",\"maxAge\":\"17h\",\"writeStall\":\"18m\",\"handshake\":\"19s\"},\"reason\":\"all\"}");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		assertThat(JsonPath.<Map<String, Object>>read(response.body(), "$.limits")).isEqualTo(changed);
		assertThat(this.admin.<List<String>>read("auditevents", "$.events[?(@.data.reason == 'all')].data.what"))
			.containsExactly("echo: connections 0 to 11, connectionsPerAddress 0 to 12, acceptsPerSecond 0 to 13, "
					+ "readBytesPerSecond 0B to 14000B, writeBytesPerSecond 0B to 15000B, idle PT10M to PT16M, "
					+ "maxAge PT0S to PT17H, writeStall PT1M to PT18M, handshake PT10S to PT19S");
		// What is not named stays as it is.
		post("{\"limits\":{\"idle\":\"16m\"}}");
		assertThat(this.admin.<Map<String, Object>>read("listeners/echo", "$.limits")).isEqualTo(changed);
		post("{\"limits\":{\"connections\":11}}");
		assertThat(this.admin.<Map<String, Object>>read("listeners/echo", "$.limits")).isEqualTo(changed);
	}

	@Test
	void stateAndLimitsMayChangeTogether() throws Exception {
		HttpResponse<String> paused = post("{\"state\":\"PAUSED\",\"limits\":{\"acceptsPerSecond\":\"50\"}}");
		assertThat(JsonPath.<String>read(paused.body(), "$.state")).isEqualTo("PAUSED");
		assertThat(JsonPath.<Integer>read(paused.body(), "$.limits.acceptsPerSecond")).isEqualTo(50);
		assertThat(post("{\"state\":\"ACCEPTING\"}").statusCode()).isEqualTo(200);
		assertThat(this.admin.<Integer>read("listeners/echo", "$.limits.acceptsPerSecond")).isEqualTo(50);
	}

	@Test
	void viewerChangesNothing() throws Exception {
		assertThat(this.admin.call(VIEWER, "POST", "listeners/echo", "{\"limits\":{\"connections\":1}}").statusCode())
			.isEqualTo(403);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '|', value = {
			"{\"limits\":{\"conections\":5}};'limits.conections' is not known; known are connections, connectionsPerAddress, acceptsPerSecond, readBytesPerSecond, writeBytesPerSecond, idle, maxAge, writeStall, handshake",
			"{\"limits\":{\"readBytesPerSecond\":\"fast\"}};'limits.readBytesPerSecond' takes a number of bytes, such as 65536 or 64KB, not 'fast'",
			"{\"limits\":{\"writeBytesPerSecond\":-1}};'limits.writeBytesPerSecond' takes a number of bytes",
			"{\"state\":\"PAUSED\",\"limits\":{\"connections\":5,\"readBytesPerSecond\":5}};echod.listeners.echo.limits.read-bytes-per-second cannot be 5B: It must be from 1KB to 10GB; 0 is no limit.",
			"{\"limits\":{\"connections\":5,\"allow\":[]}};",
			"{\"limits\":{\"connections\":5,\"access\":{\"allow\":\"all\"}}};'limits.access' is not known",
			"{\"limits\":{\"connections\":-1}};'limits.connections' takes a number from 0 to 2147483647, not '-1'",
			"{\"limits\":{\"connections\":\"few\"}};'limits.connections' takes a number",
			"{\"limits\":{\"connections\":null}};'limits.connections' takes a number",
			"{\"limits\":{\"connections\":1,\"connectionsPerAddress\":1.5}};'limits.connectionsPerAddress' takes a number",
			"{\"limits\":{\"acceptsPerSecond\":2000000}};'limits.acceptsPerSecond' takes a number from 0 to 1000000",
			"{\"limits\":{\"connections\":5,\"idle\":30}};'limits.idle' takes a time with its unit, such as 90s, 500ms or PT1M30S, not '30'",
			"{\"limits\":{\"maxAge\":\"31d\"}};'limits.maxAge' takes up to 30 days, not '31d'",
			"{\"limits\":{\"writeStall\":\"25h\"}};'limits.writeStall' takes up to 1 days, not '25h'",
			"{\"limits\":{\"idle\":{\"seconds\":3}}};'limits.idle' takes a time with its unit",
			"{\"limits\":{}};'limits' takes an object with any of connections, ",
			"{\"limits\":\"connections\"};'limits' takes an object with any of connections, ", "{\"limits\":[5]};",
			"{\"limits\":7};'limits' takes an object",
			"{\"state\":\"PAUSED\",\"limits\":{\"connections\":\"x\"}};'limits.connections' takes a number",
			"{\"state\":\"STOPPED\",\"limits\":{\"connections\":5}};'state' takes ACCEPTING or PAUSED, not 'STOPPED'",
			"{\"limit\":{\"connections\":5}};'limit' is not known; known are state, limits, reason",
			"{\"reason\":\"none\"};Say what to change: 'state' takes ACCEPTING or PAUSED, 'limits' takes an object with" })
	void wrongLimitsGetOneSentenceAndNothingChanges(String body, String sentence) throws Exception {
		HttpResponse<String> response = post(body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).startsWith((sentence != null) ? sentence : "");
		assertThat(this.admin.<Integer>read("listeners/echo", "$.limits.connections")).isZero();
		assertThat(this.admin.<String>read("listeners/echo", "$.limits.idle")).isEqualTo("PT10M");
		assertThat(this.admin.<String>read("listeners/echo", "$.state")).isEqualTo("ACCEPTING");
	}

}
