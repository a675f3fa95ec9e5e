package dev.echod.admin;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Who is connected, and who was, through the admin API.
 */
class ConnectionsApiTests extends StartedService {

	@AfterEach
	void awaitNobody() {
		await().until(() -> this.admin.<Integer>read("connections", "$.total") == 0);
	}

	private Map<String, Object> closeAll(String arguments, int status) throws Exception {
		HttpResponse<String> response = this.admin.call(OPERATOR, "DELETE", "connections?" + arguments, "");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		return JsonPath.read(response.body(), "$");
	}

	private void closeOne(TestClient client, String arguments) throws Exception {
		String path = "connections/" + idOf(client) + arguments;
		assertThat(this.admin.call(OPERATOR, "DELETE", path, "").statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '|', value = {
			"GET;closedconnections?reason=TIRED;'reason' takes PEER_CLOSED or PEER_RESET or OPERATOR_CLOSED",
			"GET;closedconnections?since=10;'since' takes a time with its unit",
			"GET;closedconnections?sort=idleFor;'sort' takes bytesReceived or bytesSent or closedAt or",
			"GET;closedconnections?limit=1001;'limit' takes a number from 1 to 1000",
			"GET;closedconnections?peer=me;'peer' takes an address or a range" })
	void wrongParametersGetOneSentence(String method, String path, String sentence) throws Exception {
		HttpResponse<String> response = this.admin.call(OPERATOR, method, path, "");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).startsWith(sentence);
	}

	@Test
	void connectionsAreFoundAndClosedByTheirAge() throws Exception {
		try (TestClient client = connected(1)) {
			String id = idOf(client);
			await().until(() -> this.admin.<List<String>>read("connections?olderThan=200ms", "$.connections[*].id")
				.equals(List.of(id)));
			assertThat(this.admin.<Integer>read("connections?olderThan=1h", "$.matched")).isZero();
			assertThat(closeAll("olderThan=1h", 200)).containsEntry("matched", 0).containsEntry("closed", 0);
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(closeAll("olderThan=200ms", 200)).containsEntry("matched", 1).containsEntry("closed", 1);
			assertThat(client.receiveToEnd()).isEmpty();
		}
	}

	@Test
	void closedConnectionsAreFilteredSortedAndPaged() throws Exception {
		Instant before = Instant.now().minusSeconds(1);
		for (int i = 1; i <= 3; i++) {
			try (TestClient client = connected(i * 1_000 + 7)) {
				client.sendFin().receiveToEnd();
			}
			awaitNobody();
		}
		try (TestClient client = connected(9_007)) {
			closeOne(client, "?mode=reset&reason=stuck%20since%20noon");
		}
		awaitNobody();
		assertThat(
				this.admin.<List<Integer>>read("closedconnections?limit=2&offset=1", "$.connections[*].bytesReceived"))
			.containsExactly(3_007, 2_007);
		assertThat(this.admin.<List<Integer>>read("closedconnections?since=1m&sort=-bytesSent&limit=1000",
				"$.connections[*].bytesSent"))
			.isSortedAccordingTo(Comparator.reverseOrder())
			.contains(9_007, 3_007, 2_007, 1_007);
		Map<String, Object> page = this.admin.read("closedconnections?reason=operator_reset&limit=1", "$");
		assertThat(page).containsOnlyKeys("total", "matched", "offset", "limit", "connections")
			.containsEntry("offset", 0)
			.containsEntry("limit", 1);
		assertThat(JsonPath.<Integer>read(page, "$.matched")).isLessThan(JsonPath.<Integer>read(page, "$.total"))
			.isPositive();
		Map<String, Object> reset = JsonPath.read(page, "$.connections[0]");
		assertThat(reset).containsEntry("reason", "OPERATOR_RESET")
			.containsEntry("note", "stuck since noon")
			.containsEntry("local", "127.0.0.1:" + port())
			.containsEntry("bytesReceived", 9_007);
		assertThat(Instant.parse((String) reset.get("closedAt"))).isBetween(before, Instant.now().plusSeconds(1))
			.isAfter(Instant.parse((String) reset.get("openedAt")));
		assertThat(this.admin.<Integer>read("closedconnections?listener=second&since=0s", "$.matched")).isZero();
		assertThat(this.admin.<Integer>read("closedconnections?peer=10.0.0.0/8", "$.matched")).isZero();
		assertThat(this.admin.<Integer>read("closedconnections?peer=127.0.0.1&listener=echo", "$.matched"))
			.isGreaterThanOrEqualTo(4);
	}

}
