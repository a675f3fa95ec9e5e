package dev.echod.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.echod.testing.AdminClient.OPERATOR;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Who is connected, who was, who sends most, and how many are closed, through the admin
 * API.
 */
class ConnectionsApiTests extends StartedService {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final List<TestClient> silent = new ArrayList<>();

	@AfterEach
	void leave() throws IOException {
		for (TestClient client : this.silent) {
			client.close();
		}
		awaitNobody();
	}

	private void connectThreeWhoAreSilent() throws IOException {
		for (int i = 1; i <= 3; i++) {
			this.silent.add(connected(i));
		}
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
			"GET;connections?by=listener;'by' takes peer, not 'listener'",
			"GET;connections?by=peer&sort=idleFor;'sort' takes bytesReceived or bytesSent or connections or",
			"GET;connections?sort=connections;'sort' takes bytesReceived or bytesSent or idleFor or",
			"GET;closedconnections?reason=TIRED;'reason' takes PEER_CLOSED or PEER_RESET or PEER_VANISHED or OPERATOR_CLOSED",
			"GET;connections?listener=ehco;'listener' takes echo or second, not 'ehco'",
			"DELETE;connections?listener=ECHO;'listener' takes echo or second, not 'ECHO'",
			"GET;closedconnections?listener=ehco;'listener' takes echo or second, not 'ehco'",
			"GET;closedconnections?since=10;'since' takes a time with its unit",
			"GET;closedconnections?sort=idleFor;'sort' takes bytesReceived or bytesSent or closedAt or",
			"GET;closedconnections?limit=1001;'limit' takes a number from 1 to 1000",
			"GET;closedconnections?peer=127.0.0.1/8;'peer' takes an address alone or the range 127.0.0.0/8, not '127.0.0.1/8'",
			"GET;closedconnections?peer=me;'peer' takes an address or a range",
			"GET;bulkclose?wait=1;'wait' is not known; nothing can be given here",
			"DELETE;connections?listener=echo&closesPerSecond=-1;'closesPerSecond' takes a number from 0 to 1000000",
			"DELETE;connections?closesPerSecond=5;Say which connections" })
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
			leave();
		}
		try (TestClient client = connected(9_007)) {
			closeOne(client, "?mode=reset&reason=stuck%20since%20noon");
		}
		leave();
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

	@Tag("long")
	@Test
	void topTalkerIsFoundByItsRateAndByItsAddress() throws Exception {
		try (TestClient idle = connected(100_000); TestClient talker = connected(1); Socket other = from("127.0.0.2")) {
			String id = idOf(talker);
			byte[] message = TestClient.randomBytes(1, 1_000);
			await().atMost(PATIENCE).until(() -> {
				TestClient.assertSame(talker.send(message).receive(message.length), message);
				return this.admin
					.<List<String>>read("connections?sort=-receivedPerSecond&limit=1",
							"$.connections[?(@.receivedPerSecond > 0)].id")
					.equals(List.of(id));
			});
			assertThat(this.admin.<Integer>read("connections/" + id, "$.sentPerSecond")).isPositive();
			assertThat(this.admin.<Integer>read("connections/" + idOf(idle), "$.receivedPerSecond")).isZero();
			Map<String, Object> peers = this.admin.read("connections?by=peer", "$");
			assertThat(peers).containsOnlyKeys("total", "matched", "offset", "limit", "peers")
				.containsEntry("total", 2)
				.containsEntry("matched", 2);
			assertThat(JsonPath.<Map<String, Object>>read(peers, "$.peers[0]")).containsEntry("peer", "127.0.0.1")
				.containsEntry("connections", 2)
				.containsKeys("bytesReceived", "bytesSent", "messages", "pendingBytes", "receivedPerSecond",
						"sentPerSecond");
			assertThat(
					this.admin.<List<String>>read("connections?by=PEER&sort=bytesReceived&limit=1", "$.peers[*].peer"))
				.containsExactly(other.getLocalAddress().getHostAddress());
			assertThat(this.admin.<List<Integer>>read("connections?by=peer&peer=127.0.0.2", "$.peers[*].connections"))
				.containsExactly(1);
			assertThat(this.admin.<List<String>>read("connections?by=peer&offset=1", "$.peers[*].peer")).hasSize(1);
		}
	}

	/**
	 * A connection from another address of the loopback interface, that was served once.
	 */
	private Socket from(String address) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(), InetAddress.ofLiteral(address), 0);
		socket.getOutputStream().write(1);
		assertThat(socket.getInputStream().read()).isOne();
		return socket;
	}

	@Test
	void dryRunTellsThePaceAndTheTime() throws Exception {
		try (TestClient client = connected(1); TestClient other = connected(2)) {
			assertThat(closeAll("peer=127.0.0.0/8&dryRun=true&closesPerSecond=1", 200))
				.containsEntry("state", "PLANNED")
				.containsEntry("matched", 2)
				.containsEntry("closed", 0)
				.containsEntry("mode", "graceful")
				.containsEntry("filter", "peer=127.0.0.0/8")
				.containsEntry("closesPerSecond", 1)
				.containsEntry("takes", "PT2S")
				.containsEntry("takesSeconds", 2.0);
			assertThat(closeAll("peer=127.0.0.0/8&dryRun=true&mode=reset", 200)).containsEntry("mode", "reset")
				.containsEntry("closesPerSecond", 0)
				.containsEntry("takesSeconds", 0.0);
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(other.send(new byte[] { 2 }).receive(1)).containsExactly(2);
			assertThat(auditLines()).noneMatch((line) -> line.startsWith("CONNECTIONS_CLOSED"));
		}
	}

	@Test
	void pacedCloseGoesOnByItselfAndIsRemembered() throws Exception {
		try (TestClient client = connected(11); TestClient other = connected(12)) {
			assertThat(closeAll("listener=echo&state=open&closesPerSecond=50&reason=new%20certificate", 202))
				.containsEntry("matched", 2)
				.containsEntry("takes", "PT0.04S")
				.containsEntry("reason", "new certificate");
			assertThat(client.receiveToEnd()).isEmpty();
			assertThat(other.receiveToEnd()).isEmpty();
		}
		leave();
		assertThat(this.admin.<Map<String, Object>>read("bulkclose", "$")).containsEntry("state", "DONE")
			.containsEntry("closed", 2)
			.containsEntry("waiting", 0)
			.containsEntry("closesPerSecond", 50);
		assertThat(auditLines()).contains("CONNECTIONS_CLOSED: 2 graceful, of listener=echo, state=OPEN, 50 a second"
				+ " by operator from 127.0.0.1, because: new certificate");
		assertThat(this.admin.<List<String>>read("closedconnections?reason=OPERATOR_CLOSED&limit=2",
				"$.connections[*].note"))
			.containsExactly("new certificate", "new certificate");
	}

	@Test
	void closeOfNobodyIsDone() throws Exception {
		assertThat(closeAll("olderThan=1h&closesPerSecond=1", 200)).containsEntry("state", "DONE")
			.containsEntry("matched", 0);
	}

	/**
	 * All are served then, for a day if the announcement takes one.
	 */
	@Test
	void pacedCloseGoesOnWhileADrainIsAnnounced() throws Exception {
		connectThreeWhoAreSilent();
		assertThat(this.admin.call(OPERATOR, "POST", "drain", "{\"announce\":\"24h\"}").statusCode()).isEqualTo(202);
		try {
			closeAll("peer=127.0.0.1&closesPerSecond=1", 202);
			assertThat(this.admin.<String>read("bulkclose", "$.state")).isEqualTo("RUNNING");
		}
		finally {
			this.admin.call(OPERATOR, "DELETE", "bulkclose", "");
			assertThat(this.admin.call(OPERATOR, "DELETE", "drain", "").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void pacedCloseIsOneAtATimeAndIsCalledOff() throws Exception {
		assertThat(this.admin.call(OPERATOR, "DELETE", "bulkclose", "").statusCode()).isEqualTo(409);
		connectThreeWhoAreSilent();
		closeAll("peer=127.0.0.1&closesPerSecond=1", 202);
		assertThat(closeAll("peer=127.0.0.1&closesPerSecond=1", 409)).containsEntry("detail",
				"A paced close is running already; cancel it, or wait for its end");
		assertThat(this.admin.call(VIEWER, "DELETE", "bulkclose", "").statusCode()).isEqualTo(403);
		HttpResponse<String> cancelled = this.admin.call(OPERATOR, "DELETE", "bulkclose?reason=wrong%20range", "");
		assertThat(JsonPath.<String>read(cancelled.body(), "$.state")).isEqualTo("CANCELLED");
		int closed = JsonPath.read(cancelled.body(), "$.closed");
		assertThat(closed).isLessThan(3);
		assertThat(JsonPath.<Integer>read(cancelled.body(), "$.waiting")).isEqualTo(3 - closed);
		assertThat(auditLines())
			.contains("BULK_CLOSE_CANCELLED: bulk close, %d closed, %d left".formatted(closed, 3 - closed)
					+ " by operator from 127.0.0.1, because: wrong range");
	}

	@Test
	void drainEndsThePacedClose() throws Exception {
		connectThreeWhoAreSilent();
		closeAll("peer=127.0.0.1&closesPerSecond=1", 202);
		assertThat(this.admin.call(OPERATOR, "POST", "drain", "{\"quiet\":\"1h\",\"deadline\":\"1h\"}").statusCode())
			.isEqualTo(202);
		try {
			await().until(() -> this.admin.<String>read("bulkclose", "$.state").equals("CANCELLED"));
			assertThat(closeAll("peer=127.0.0.1&closesPerSecond=1", 409).get("detail")).asString().contains("drained");
		}
		finally {
			assertThat(this.admin.call(OPERATOR, "DELETE", "drain", "").statusCode()).isEqualTo(200);
		}
		assertThat(closeAll("peer=127.0.0.1&mode=reset", 200)).containsEntry("state", "DONE");
	}

}
