package dev.echod.admin;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.AdminClient;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.OPERATOR;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Failed logins, each test from an address of its own.
 */
@AdminApi
class LoginApiTests {

	private static final String WRONG = "operator:wrong";

	@Value("${local.server.port}")
	private int adminPort;

	@Autowired
	private LoginClock clock;

	private static int status(AdminClient client, String credentials) throws Exception {
		return client.call(credentials, "GET", "listeners", "").statusCode();
	}

	/**
	 * Fails until the source has to wait.
	 */
	private static void slowDown(AdminClient client) throws Exception {
		for (int i = 0; i <= UserLogins.FREE; i++) {
			assertThat(status(client, WRONG)).isEqualTo(401);
		}
	}

	@Test
	void sourceThatGuessesWaitsAndOthersDoNot() throws Exception {
		try (AdminClient guesser = AdminClient.from("127.0.9.1", this.adminPort);
				AdminClient other = AdminClient.from("127.0.9.2", this.adminPort)) {
			slowDown(guesser);
			HttpResponse<String> refused = guesser.call(OPERATOR, "GET", "listeners", "");
			assertThat(refused.statusCode()).isEqualTo(429);
			assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(refused.headers().map()).doesNotContainKey("www-authenticate");
			assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
			assertThat(JsonPath.<Integer>read(refused.body(), "$.status")).isEqualTo(429);
			assertThat(JsonPath.<String>read(refused.body(), "$.detail")).endsWith("retry in 1 s");
			assertThat(status(other, OPERATOR)).isEqualTo(200);
		}
	}

	@Test
	void whoComesWithoutAUserIsServedMeanwhile() throws Exception {
		try (AdminClient guesser = AdminClient.from("127.0.9.3", this.adminPort)) {
			slowDown(guesser);
			for (String open : List.of("health", "health/readiness", "info", "prometheus")) {
				assertThat(guesser.call(NOBODY, "GET", open, "").statusCode()).as(open).isEqualTo(200);
			}
			assertThat(guesser.call(OPERATOR, "GET", "health", "").statusCode()).isEqualTo(429);
		}
	}

	@Test
	void whoIsWrongAsOneUserDoesNotKeepOutAnother() throws Exception {
		try (AdminClient shared = AdminClient.from("127.0.9.9", this.adminPort)) {
			for (String stale : List.of("viewer:stale", "nobody:knows")) {
				for (int i = 0; i <= UserLogins.FREE; i++) {
					assertThat(status(shared, stale)).isEqualTo(401);
				}
				assertThat(status(shared, stale)).isEqualTo(429);
			}
			assertThat(status(shared, OPERATOR)).isEqualTo(200);
		}
	}

	@Test
	void rightPasswordAfterTheWaitIsTaken() throws Exception {
		try (AdminClient client = AdminClient.from("127.0.9.4", this.adminPort)) {
			slowDown(client);
			assertThat(status(client, OPERATOR)).isEqualTo(429);
			this.clock.pass(Duration.ofSeconds(1));
			assertThat(status(client, OPERATOR)).isEqualTo(200);
			slowDown(client);
		}
	}

	@Test
	void fiftyGuessesAtOnceAreNotFiftyChecks() throws Exception {
		AtomicInteger checked = new AtomicInteger();
		try (AdminClient guesser = AdminClient.from("127.0.9.5", this.adminPort)) {
			TestClient.inParallel(50, (number) -> {
				int status = status(guesser, "operator:guess " + number);
				assertThat(status).isIn(401, 429);
				checked.addAndGet((status == 401) ? 1 : 0);
			});
		}
		assertThat(checked).hasValue(UserLogins.FREE + 1);
	}

	@Test
	void manyAtOnceWithTheRightPasswordAreServed() throws Exception {
		try (AdminClient client = AdminClient.from("127.0.9.6", this.adminPort)) {
			TestClient.inParallel(60, (number) -> assertThat(status(client, OPERATOR)).isEqualTo(200));
		}
	}

	@Test
	void refusalsAreCountedByReasonAndAudited() throws Exception {
		try (AdminClient guesser = AdminClient.from("127.0.9.7", this.adminPort);
				AdminClient viewer = AdminClient.from("127.0.9.8", this.adminPort)) {
			double wrong = viewer.meter("echod_admin_refused_total{reason=\"WRONG_PASSWORD\"}");
			double tooMany = viewer.meter("echod_admin_refused_total{reason=\"TOO_MANY_FAILURES\"}");
			double nobody = viewer.meter("echod_admin_refused_total{reason=\"NO_CREDENTIALS\"}");
			double notAllowed = viewer.meter("echod_admin_refused_total{reason=\"NOT_ALLOWED\"}");
			slowDown(guesser);
			for (int i = 0; i < 3; i++) {
				assertThat(status(guesser, WRONG)).isEqualTo(429);
			}
			assertThat(status(guesser, NOBODY)).isEqualTo(401);
			assertThat(viewer.call(VIEWER, "DELETE", "drain", "").statusCode()).isEqualTo(403);
			assertThat(viewer.meter("echod_admin_refused_total{reason=\"WRONG_PASSWORD\"}")).isEqualTo(wrong + 6);
			assertThat(viewer.meter("echod_admin_refused_total{reason=\"TOO_MANY_FAILURES\"}")).isEqualTo(tooMany + 3);
			assertThat(viewer.meter("echod_admin_refused_total{reason=\"NO_CREDENTIALS\"}")).isEqualTo(nobody + 1);
			assertThat(viewer.meter("echod_admin_refused_total{reason=\"NOT_ALLOWED\"}")).isEqualTo(notAllowed + 1);
			List<Map<String, Object>> audited = viewer.read("auditevents?type=REFUSED",
					"$.events[?(@.data.source == '127.0.9.7')]");
			assertThat(audited).hasSize(3).anySatisfy((event) -> {
				assertThat(event).containsEntry("principal", "operator");
				assertThat(String.valueOf(Objects.requireNonNull(event.get("data")))).contains("retry in 1 s");
			});
		}
	}

}
