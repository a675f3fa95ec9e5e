package dev.echod.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.AdminClient;
import dev.echod.testing.Chart;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import dev.echod.testing.TestClient.Tls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The queries of the chart's dashboard and alerts, asked of a real Prometheus that
 * scrapes a real service to which everything happens that they are about.
 */
@Tag("long")
class ChartQueriesTests {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

	private final Chart chart = Chart.render(Chart.EVERYTHING);

	private final List<TestClient> staying = new ArrayList<>();

	private final ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();

	private final AtomicReference<String> lastFailure = new AtomicReference<>("");

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	@SuppressWarnings("NullAway.Init")
	private TestCertificates authority;

	@SuppressWarnings("NullAway.Init")
	private EchodProcess echod;

	@SuppressWarnings("NullAway.Init")
	private AdminClient admin;

	@SuppressWarnings("NullAway.Init")
	private Prometheus prometheus;

	@BeforeEach
	void start() throws Exception {
		this.authority = TestCertificates.authority("authority");
		TestCertificates.write(this.authority.server("localhost"), this.folder);
		String listeners = "--echod.listeners.";
		String bundle = "--spring.ssl.bundle.pem.web.keystore.";
		this.echod = EchodProcess.fromClasses(listeners + "limited.port=0", listeners + "limited.limits.connections=1",
				listeners + "secured.port=0", listeners + "secured.tls.bundle=web",
				listeners + "secured.limits.handshake=0s",
				bundle + "certificate=file:" + this.folder.resolve("tls.crt"),
				bundle + "private-key=file:" + this.folder.resolve("tls.key"), listeners + "relay.port=0",
				listeners + "relay.framing=lf", listeners + "relay.service=relay",
				listeners + "relay.relay.host=127.0.0.1",
				// Nobody listens there.
				listeners + "relay.relay.port=1", listeners + "paused.port=0", "--echod.access-log=closed");
		await().atMost(EchodProcess.START_TIMEOUT)
			.until(() -> this.echod.output().contains("Started EchodApplication"));
		this.admin = new AdminClient(this.echod.adminPort());
		Object rules = this.chart.at("PrometheusRule/test-echod", "$.spec");
		this.prometheus = new Prometheus(this.folder, this.echod.adminPort(),
				Files.writeString(this.folder.resolve("rules.yml"), new Yaml().dump(rules)));
		await().atMost(PATIENCE).until(this.prometheus::isReady);
	}

	@AfterEach
	void stop() throws Exception {
		this.load.close();
		for (TestClient client : this.staying) {
			client.close();
		}
		if (this.prometheus != null) {
			this.prometheus.close();
		}
		if (this.admin != null) {
			this.admin.close();
		}
		this.echod.close();
	}

	@Test
	void eachPanelHasDataAndEachAlertIsEvaluated() throws Exception {
		drainOnce();
		call("listeners/paused", "{\"state\":\"PAUSED\",\"reason\":\"a test\"}");
		call("drain", "{\"announce\":\"1h\",\"reason\":\"a test\"}");
		this.staying.add(new TestClient(this.echod.port("limited")));
		// Its handshake is awaited.
		this.staying.add(new TestClient(this.echod.port("secured")));
		this.load.scheduleWithFixedDelay(this::comeAndGo, 0, 50, TimeUnit.MILLISECONDS);
		String dashboard = this.chart.at("ConfigMap/test-echod-dashboard", "$.data['echod.json']");
		for (String query : JsonPath.<List<String>>read(dashboard, "$.panels[*].targets[*].expr")) {
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(this.prometheus.query(withVariables(query))).as(query).isNotEmpty());
		}
		variablesHaveValues(dashboard);
		assertThat(this.prometheus.names()).containsAll(this.chart.meters());
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.prometheus.alerts()).isNotEmpty()
				.allSatisfy((alert) -> assertThat(alert).containsEntry("health", "ok")));
		assertThat(this.lastFailure).hasValue("");
	}

	/**
	 * Its outcome is seen from zero, as that was scraped before.
	 */
	private void drainOnce() throws Exception {
		await().atMost(PATIENCE)
			.until(() -> !this.prometheus.query("echod_drain_outcomes_total{outcome=\"CLEAN\"}").isEmpty());
		call("drain", "{\"announce\":\"0\",\"deadline\":\"5s\",\"reason\":\"a test\"}");
		await().until(() -> this.admin.<String>read("drain", "$.state").equals("DRAINED"));
		assertThat(this.admin.call(AdminClient.OPERATOR, "DELETE", "drain", "").statusCode()).isEqualTo(200);
	}

	private void call(String path, String body) throws Exception {
		var answer = this.admin.call(AdminClient.OPERATOR, "POST", path, body);
		assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
	}

	private void variablesHaveValues(String dashboard) throws Exception {
		List<String> variables = JsonPath.read(dashboard, "$.templating.list[*].definition");
		assertThat(variables).hasSize(2);
		for (String variable : variables) {
			var matcher = LABEL_VALUES.matcher(withVariables(variable));
			assertThat(matcher.matches()).as(variable).isTrue();
			assertThat(this.prometheus.labelValues(matcher.group(1), matcher.group(2))).containsAnyOf("place",
					"test-echod-admin");
		}
	}

	private static String withVariables(String query) {
		return query.replace("$__rate_interval", "10s")
			.replace("$namespace", "place")
			.replace("$job", "test-echod-admin");
	}

	/**
	 * One client of each kind, and a wrong password.
	 */
	private void comeAndGo() {
		try {
			echo(new TestClient(this.echod.port("echo")));
			echo(new TestClient(this.echod.port("secured"),
					new Tls(this.authority.clientContext(null), "TLSv1.3", "localhost")));
			// Sends nothing.
			new TestClient(this.echod.port("echo")).close();
			for (String refused : List.of("limited", "relay", "secured")) {
				try (TestClient client = new TestClient(this.echod.port(refused))) {
					client.send("no TLS\n".getBytes(StandardCharsets.US_ASCII)).receiveToEnd();
				}
				catch (IOException ex) {
					// Reset.
				}
			}
			this.admin.call("viewer:wrong", "GET", "listeners", "");
		}
		catch (Exception ex) {
			this.lastFailure.set(ex.toString());
		}
	}

	private static void echo(TestClient client) throws IOException {
		try (client) {
			assertThat(client.send(new byte[] { 1 }).receive(1)).hasSize(1);
		}
	}

}
