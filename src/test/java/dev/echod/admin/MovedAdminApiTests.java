package dev.echod.admin;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import dev.echod.EchodApplication;
import dev.echod.testing.AdminClient;
import dev.echod.testing.Login;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.OPERATOR;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The admin API under another path, on a port of its own, and behind a proxy.
 */
class MovedAdminApiTests {

	private static ConfigurableApplicationContext start(String... arguments) {
		SpringApplication application = new SpringApplication(EchodApplication.class, LoginClock.class);
		String[] all = Stream
			.concat(Stream.of("--server.port=0", "--echod.listeners.echo.port=0",
					"--echod.admin.operator.password=secret", "--echod.admin.viewer.name=viewer",
					"--echod.admin.viewer.password=look"), Stream.of(arguments))
			.toArray(String[]::new);
		return application.run(all);
	}

	private static int port(ConfigurableApplicationContext context, String name) {
		return context.getEnvironment().getRequiredProperty("local.%s.port".formatted(name), Integer.class);
	}

	private static void assertProblem(HttpResponse<String> response, int status) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).isNotEmpty();
	}

	private static void assertRules(AdminClient admin) throws Exception {
		for (String open : List.of("health", "health/readiness", "info", "prometheus")) {
			assertThat(admin.call(NOBODY, "GET", open, "").statusCode()).as(open).isEqualTo(200);
		}
		assertThat(admin.call(NOBODY, "GET", "health", "").body()).doesNotContain("components");
		assertThat(admin.call(NOBODY, "HEAD", "health", "").statusCode()).isEqualTo(200);
		assertProblem(admin.call(NOBODY, "GET", "listeners", ""), 401);
		assertProblem(admin.call(NOBODY, "POST", "shutdown", ""), 401);
		assertProblem(admin.call(VIEWER, "POST", "listeners/echo", "{\"state\":\"PAUSED\"}"), 403);
		assertProblem(admin.call(VIEWER, "GET", "nothing", ""), 404);
		assertProblem(admin.call(OPERATOR, "DELETE", "drain", ""), 409);
		assertProblem(admin.call(OPERATOR, "DELETE", "connections?dryrun=true", ""), 400);
		assertProblem(admin.call(OPERATOR, "DELETE", "connections?listener=echo", "{}"), 400);
		assertProblem(admin.call(OPERATOR, "POST", "listeners/echo", "{\"state\":\"PAUSED\"}", "Origin",
				"https://example.org"), 403);
		assertThat(admin.<String>read("listeners/echo", "$.state")).isEqualTo("ACCEPTING");
	}

	private static void assertSlowsDown(AdminClient admin) throws Exception {
		for (int i = 0; i <= UserLogins.FREE; i++) {
			assertProblem(admin.call("operator:wrong", "GET", "listeners", ""), 401);
		}
		assertProblem(admin.call(OPERATOR, "GET", "listeners", ""), 429);
	}

	private static String get(int port, String path, String host) throws IOException {
		try (TestClient client = new TestClient(port)) {
			client.send("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, host)
				.getBytes(StandardCharsets.US_ASCII));
			return new String(client.receiveToEnd(), StandardCharsets.UTF_8);
		}
	}

	@Tag("long")
	@ParameterizedTest
	@ValueSource(strings = { "/manage/", "/" })
	void otherBasePathKeepsTheRules(String path) throws Exception {
		try (var context = start("--management.endpoints.web.base-path=" + path);
				AdminClient admin = AdminClient.under(path, port(context, "server"));
				AdminClient former = new AdminClient(port(context, "server"))) {
			assertRules(admin);
			assertProblem(former.call(NOBODY, "GET", "health", ""), 401);
			assertProblem(former.call(OPERATOR, "GET", "listeners", ""), 404);
			assertSlowsDown(admin);
		}
	}

	@Test
	void portOfItsOwnKeepsTheRules() throws Exception {
		try (var context = start("--management.server.port=0", "--management.server.address=127.0.0.1");
				AdminClient admin = new AdminClient(port(context, "management"));
				AdminClient other = new AdminClient(port(context, "server"))) {
			assertThat(port(context, "management")).isNotEqualTo(port(context, "server"));
			assertRules(admin);
			assertThat(get(port(context, "management"), "/actuator/health", "example.org")).startsWith("HTTP/1.1 400")
				.contains("application/problem+json");
			assertThat(get(port(context, "management"), "/actuator/health", "localhost")).startsWith("HTTP/1.1 200");
			assertProblem(other.call(NOBODY, "GET", "health", ""), 401);
			assertProblem(other.call(OPERATOR, "GET", "listeners", ""), 404);
			assertSlowsDown(admin);
		}
	}

	@ParameterizedTest
	@Tag("long")
	@CsvSource({ "spring.webflux.base-path=/ops,server,/ops/,/ops/actuator",
			"management.endpoints.web.base-path=/manage,server,/,/manage",
			"management.server.port=0 --management.server.address=127.0.0.1,management,/,/actuator" })
	void pageAndSessionsAreWhereTheEndpointsAre(String setting, String port, String root, String api) throws Exception {
		try (var context = start(("--" + setting).split(" "));
				AdminClient client = AdminClient.under(root, port(context, port))) {
			HttpResponse<String> login = Login.submit(client, "username=viewer&password=look", "Accept", "text/html");
			assertThat(login.headers().firstValue("Location")).hasValue(root);
			assertThat(login.headers().firstValue("Set-Cookie").orElseThrow()).contains("; Path=%s;".formatted(root));
			Login viewer = Login.as(client, VIEWER);
			assertThat(JsonPath.<String>read(viewer.get(client, "me").body(), "$.api")).isEqualTo(api);
			assertThat(viewer.get(client, "").statusCode()).isEqualTo(200);
			try (AdminClient endpoints = AdminClient.under(api + "/", port(context, port))) {
				assertThat(viewer.get(endpoints, "listeners").statusCode()).isEqualTo(200);
			}
			assertThat(client.call(NOBODY, "GET", "", "", "Accept", "text/html").headers().firstValue("Location"))
				.hasValue(root + "login");
		}
	}

	/**
	 * Both see the same proxy. The first address is believed, whoever wrote it.
	 */
	@ParameterizedTest
	@CsvSource({ "framework,429,200", "native,429,200", "none,429,429" })
	void behindAProxyTheSourceIsWhomItNames(String strategy, int guesser, int other) throws Exception {
		try (var context = start("--server.forward-headers-strategy=" + strategy);
				AdminClient proxy = new AdminClient(port(context, "server"))) {
			for (int i = 0; i <= UserLogins.FREE; i++) {
				assertThat(
						proxy.call("operator:wrong", "GET", "drain", "", "X-Forwarded-For", "203.0.113.7").statusCode())
					.isEqualTo(401);
			}
			assertThat(proxy.call(OPERATOR, "GET", "drain", "", "X-Forwarded-For", "203.0.113.7").statusCode())
				.isEqualTo(guesser);
			assertThat(proxy.call(OPERATOR, "GET", "drain", "", "X-Forwarded-For", "203.0.113.8, 203.0.113.7")
				.statusCode()).isEqualTo(other);
		}
	}

}
