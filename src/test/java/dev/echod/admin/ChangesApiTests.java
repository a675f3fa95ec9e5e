package dev.echod.admin;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What changes leave: in the audit, and in what they do not touch.
 */
class ChangesApiTests extends StartedService {

	private int port(String listener) {
		return Objects.requireNonNull(this.listeners.named(listener)).address().getPort();
	}

	private void change(int status, String method, String path, String body) throws Exception {
		HttpResponse<String> answer = this.admin.call(OPERATOR, method, path, body);
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
	}

	private String state(String path) throws Exception {
		return this.admin.read(path, "$.state");
	}

	/**
	 * What the audit keeps of a change with this reason.
	 */
	private void assertAudited(String type, String reason, String what) throws Exception {
		List<Map<String, Object>> events = this.admin.read("auditevents?type=" + type,
				"$.events[?(@.data.reason == '%s')]".formatted(reason));
		assertThat(events).hasSize(1);
		assertThat(events.getFirst()).containsEntry("principal", "operator")
			.containsEntry("data", Map.of("what", what, "source", "127.0.0.1", "reason", reason));
	}

	@Test
	void pausesAndProbesAreAudited() throws Exception {
		change(200, "POST", "listeners/second", "{\"state\":\"PAUSED\",\"reason\":\"pausing\"}");
		assertAudited("LISTENER_PAUSED", "pausing", "second");
		change(200, "POST", "listeners/second", "{\"state\":\"ACCEPTING\",\"reason\":\"resuming\"}");
		assertAudited("LISTENER_ACCEPTING", "resuming", "second");
		change(200, "POST", "probe",
				"{\"host\":\"127.0.0.1\",\"port\":%d,\"reason\":\"probing\"}".formatted(port("echo")));
		assertAudited("PROBE", "probing", "127.0.0.1:" + port("echo"));
	}

	@Test
	void drainsAreAuditedFromTheirStartToTheirEnd() throws Exception {
		try (TestClient client = new TestClient(port("echo"))) {
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			change(202, "POST", "drain",
					"{\"quiet\":\"1m\",\"deadline\":\"2m\",\"closesPerSecond\":7,\"reason\":\"starting\"}");
			assertAudited("DRAIN_STARTED", "starting", "announce PT0S, quiet PT1M, deadline PT2M, 7 closes a second");
			await().until(() -> state("drain").equals("DRAINING"));
			change(200, "DELETE", "drain?reason=cancelling", "");
			assertAudited("DRAIN_CANCELLED", "cancelling", "drain");
		}
		awaitNobody();
		change(202, "POST", "drain", "{}");
		await().until(() -> state("drain").equals("DRAINED"));
		change(200, "DELETE", "drain?reason=taking", "");
		assertAudited("DRAIN_TAKEN_BACK", "taking", "drain");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void listenerPausedBeforeADrainStaysPaused(boolean cancelled) throws Exception {
		change(200, "POST", "listeners/second", "{\"state\":\"PAUSED\"}");
		try (TestClient client = new TestClient(port("echo"))) {
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			change(202, "POST", "drain", "{\"quiet\":\"1m\",\"deadline\":\"1m\"}");
			await().until(() -> state("drain").equals("DRAINING"));
			assertThat(state("listeners/echo")).isEqualTo("PAUSED");
			if (!cancelled) {
				client.sendFin().receiveToEnd();
				await().until(() -> state("drain").equals("DRAINED"));
			}
			change(200, "DELETE", "drain", "");
			assertThat(state("listeners/echo")).isEqualTo("ACCEPTING");
			assertThat(state("listeners/second")).isEqualTo("PAUSED");
		}
		finally {
			change(200, "POST", "listeners/second", "{\"state\":\"ACCEPTING\"}");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "connections?listener=echo", "connections/echo-1", "drain" })
	void bodyOfADeleteIsRefusedAndNothingHappens(String path) throws Exception {
		try (TestClient client = new TestClient(port("echo"))) {
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			HttpResponse<String> refused = this.admin.call(OPERATOR, "DELETE", path, "{\"dryRun\":true}");
			assertThat(refused.statusCode()).isEqualTo(400);
			assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(JsonPath.<String>read(refused.body(), "$.detail"))
				.isEqualTo("DELETE takes no body; parameters go behind the path, as in ?reason=maintenance");
			assertThat(client.send(new byte[] { 2 }).receive(1)).containsExactly(2);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-Nothing: 0", "Content-Length: 0" })
	void deleteWithoutABodyOrWithAnEmptyOneIsFine(String header) throws Exception {
		try (TestClient client = new TestClient(this.adminPort)) {
			String request = String.join("\r\n", "DELETE /actuator/connections?listener=echo&dryRun=true HTTP/1.1",
					"Host: localhost", "Authorization: Basic b3BlcmF0b3I6c2VjcmV0", "Connection: close", header, "",
					"");
			client.send(request.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(client.receiveToEnd(), StandardCharsets.UTF_8)).startsWith("HTTP/1.1 200");
		}
	}

}
