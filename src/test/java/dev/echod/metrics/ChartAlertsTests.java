package dev.echod.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.echod.testing.Chart;
import dev.echod.testing.Needs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The chart's alerts: when they fire, and what they tell to look at.
 */
class ChartAlertsTests {

	private static final Pattern RUNBOOK = Pattern.compile("[A-Z].*\\. kubectl --namespace place .+");

	private static final String UNWATCHED = "EchodUnwatched";

	private final Chart chart = Chart.render(Chart.EVERYTHING);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	@Test
	void eachAlertSaysWhatToLookAtAndHow() {
		List<String> runbooks = this.chart.at("PrometheusRule/test-echod", "$..rules[*].annotations.runbook");
		assertThat(runbooks).hasSameSizeAs(alerts().keySet())
			.allSatisfy((runbook) -> assertThat(runbook).matches(RUNBOOK).doesNotContain("\n"));
	}

	/**
	 * With a scrape a minute, and one of them missing.
	 */
	@Test
	void alertsLookBackFarEnough() {
		Pattern range = Pattern.compile("\\[([^]]+)\\]");
		assertThat(this.chart.<List<String>>at("PrometheusRule/test-echod", "$..rules[*].expr"))
			.flatMap((expression) -> range.matcher(expression).results().map((found) -> found.group(1)).toList())
			.isNotEmpty()
			.isSubsetOf("5m", "1h");
	}

	@Test
	void runbooksTellOfWhatTheAlertIsAbout() {
		assertThat(runbook("EchodEventLoopBusy")).contains("/connections?sort=-receivedPerSecond&");
		assertThat(runbook("EchodConnectionsFail"))
			.contains("/closedconnections?listener={{ $labels.listener }}&reason={{ $labels.reason }}'");
	}

	private String runbook(String alert) {
		return this.chart
			.<List<String>>at("PrometheusRule/test-echod",
					"$..rules[?(@.alert == '%s')].annotations.runbook".formatted(alert))
			.getFirst();
	}

	/**
	 * Programs of the same names stand for those that a runbook runs.
	 */
	@Tag("long")
	@ParameterizedTest
	@CsvSource({ "exit 1,false", "exec tail -f /dev/null,true" })
	void passwordGoesNowhereWithoutTheForwarding(String forwarding, boolean asks) throws Exception {
		Needs.program("bash");
		writeProgram("kubectl", "echo \"$@\" >forwarded; " + forwarding);
		writeProgram("curl", "echo \"$@\" >asked");
		String command = runbook("EchodDrainForced").replaceFirst("^.*?\\. kubectl", "kubectl")
			.replace("{{ $labels.pod }}", "p");
		ProcessBuilder shell = new ProcessBuilder("bash", "-c", command).directory(this.folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.folder.resolve("output").toFile());
		shell.environment().compute("PATH", (name, path) -> this.folder + ":" + path);
		Process run = shell.start();
		try {
			assertThat(run.waitFor(1, TimeUnit.MINUTES)).isTrue();
		}
		finally {
			run.destroyForcibly();
		}
		assertThat(this.folder.resolve("forwarded")).content()
			.isEqualTo("--namespace place port-forward p 18081:8081\n");
		assertThat(Files.exists(this.folder.resolve("asked"))).isEqualTo(asks);
		if (asks) {
			assertThat(this.folder.resolve("asked")).content()
				.contains("-u operator ", "http://127.0.0.1:18081/actuator/drain");
		}
	}

	private void writeProgram(String name, String commands) throws IOException {
		Path program = Files.writeString(this.folder.resolve(name), "#!/bin/sh\n" + commands + "\n");
		assertThat(program.toFile().setExecutable(true)).isTrue();
	}

	@Test
	void expressionsPassPromtool() throws Exception {
		writeRules();
		assertThat(promtool("check", "rules", "rules.yml")).contains("SUCCESS: 19 rules found");
		List<Map<String, String>> panels = this.chart.expressions()
			.stream()
			.map((expression) -> Map.of("record", "panel:expr", "expr", expression.replace("$__rate_interval", "5m")))
			.toList();
		Files.writeString(this.folder.resolve("panels.yml"),
				new Yaml().dump(Map.of("groups", List.of(Map.of("name", "panels", "rules", panels)))));
		promtool("check", "rules", "--lint=none", "panels.yml");
	}

	@Test
	void eachAlertFires() throws Exception {
		StringBuilder series = new StringBuilder();
		addSeries(series, "up", "", "0x90");
		addSeries(series, "echod_drain_remaining", "", "3x90");
		addSeries(series, "echod_drain_time_left_seconds", "", "14x90");
		addSeries(series, "echod_drain_deadline_seconds", "", "30x90");
		addSeries(series, "echod_drain_outcomes_total", ", outcome=\"FORCED\"", "0x60 1x30");
		addSeries(series, "echod_drain_state", ", state=\"SERVING\"", "0x90");
		addSeries(series, "echod_accept_errors_total", ", listener=\"echo\"", "0+300x90");
		addSeries(series, "echod_event_loop_utilisation", ", loop=\"1\"", "0.95x90");
		addSeries(series, "echod_event_loop_lag_seconds", ", loop=\"1\"", "0.6x90");
		// Not drained.
		addSeries(series, "q", "echod_drain_state", ", state=\"SERVING\"", "1x90");
		addSeries(series, "q", "echod_listener_state", ", listener=\"echo\", state=\"PAUSED\"", "1x90");
		addSeries(series, "echod_connections_closed_total", ", listener=\"echo\", reason=\"UPSTREAM\"", "0+60x90");
		addSeries(series, "echod_connections_closed_total", ", listener=\"echo\", reason=\"SLOW_READER\"", "0+60x90");
		addSeries(series, "echod_connections_refused_total", ", listener=\"echo\", reason=\"PROCESS_LIMIT\"", "0+1x90");
		addSeries(series, "process_files_open_files", "", "90x90");
		addSeries(series, "process_files_max_files", "", "100x90");
		addSeries(series, "jvm_memory_usage_after_gc", ", area=\"heap\", pool=\"long-lived\"", "0.9x90");
		addSeries(series, "echod_access_log_dropped_total", "", "0x60 40x30");
		addSeries(series, "echod_log_dropped_total", ", lines=\"audit\"", "0x60 1x30");
		addSeries(series, "echod_admin_refused_total", ", reason=\"WRONG_PASSWORD\"", "0+5x90");
		addSeries(series, "echod_admin_refused_total", ", reason=\"TOO_MANY_FAILURES\"", "0+5x90");
		addSeries(series, "echod_tls_bundle_stale", ", bundle=\"web\"", "0x60 1x30");
		addSeries(series, "ssl_chain_expiry_seconds", ", bundle=\"web\"", "500000x90");
		Set<String> expected = new TreeSet<>(alerts().keySet());
		// Something is.
		expected.remove(UNWATCHED);
		assertFiring(series, expected);
	}

	@Test
	void noAlertFiresWhereAllIsWell() throws Exception {
		StringBuilder series = new StringBuilder();
		addSeries(series, "up", "", "1x90");
		addSeries(series, "echod_connections_closed_total", ", listener=\"echo\", reason=\"PEER_CLOSED\"", "0+900x90");
		addSeries(series, "echod_connections_closed_total", ", listener=\"echo\", reason=\"UPSTREAM\"", "0x90");
		addSeries(series, "echod_connections_closed_total", ", listener=\"echo\", reason=\"SLOW_READER\"", "0+1x90");
		addSeries(series, "echod_connections_refused_total", ", listener=\"echo\", reason=\"PROCESS_LIMIT\"", "0x90");
		addSeries(series, "echod_drain_remaining", "", "0x90");
		addSeries(series, "echod_drain_time_left_seconds", "", "0x90");
		addSeries(series, "echod_drain_deadline_seconds", "", "0x90");
		addSeries(series, "echod_drain_outcomes_total", ", outcome=\"FORCED\"", "0x90");
		addSeries(series, "echod_drain_outcomes_total", ", outcome=\"CLEAN\"", "0+1x90");
		addSeries(series, "echod_drain_state", ", state=\"SERVING\"", "1x90");
		addSeries(series, "echod_drain_state", ", state=\"DRAINED\"", "0x90");
		addSeries(series, "echod_listener_state", ", listener=\"echo\", state=\"PAUSED\"", "0x90");
		addSeries(series, "echod_accept_errors_total", ", listener=\"echo\"", "7x90");
		addSeries(series, "echod_event_loop_utilisation", ", loop=\"0\"", "0.8x90");
		addSeries(series, "echod_event_loop_lag_seconds", ", loop=\"0\"", "0.01x90");
		addSeries(series, "process_files_open_files", "", "50x90");
		addSeries(series, "process_files_max_files", "", "100x90");
		addSeries(series, "jvm_memory_usage_after_gc", ", area=\"heap\", pool=\"long-lived\"", "0.3x90");
		addSeries(series, "echod_access_log_dropped_total", "", "40x90");
		addSeries(series, "echod_log_dropped_total", ", lines=\"other\"", "40x90");
		// A person who mistypes, and monitors without a password.
		addSeries(series, "echod_admin_refused_total", ", reason=\"WRONG_PASSWORD\"", "0+1x90");
		addSeries(series, "echod_admin_refused_total", ", reason=\"NO_CREDENTIALS\"", "0+60x90");
		addSeries(series, "echod_tls_bundle_stale", ", bundle=\"web\"", "0x90");
		addSeries(series, "ssl_chain_expiry_seconds", ", bundle=\"web\"", "700000-60x90");
		assertFiring(series, Set.of());
	}

	/**
	 * It pauses the listeners itself, and waits for a while; it takes its time only when
	 * less than half of it is left.
	 */
	@Test
	void drainInTimeIsNoAlert() throws Exception {
		StringBuilder series = new StringBuilder();
		addSeries(series, "up", "", "1x90");
		addSeries(series, "echod_drain_state", ", state=\"SERVING\"", "1x45 0x45");
		addSeries(series, "echod_drain_state", ", state=\"DRAINING\"", "0x45 1x45");
		addSeries(series, "echod_listener_state", ", listener=\"echo\", state=\"PAUSED\"", "0x45 1x45");
		addSeries(series, "echod_drain_remaining", "", "0x45 3x45");
		addSeries(series, "echod_drain_time_left_seconds", "", "0x45 16x45");
		addSeries(series, "echod_drain_deadline_seconds", "", "0x45 30x45");
		assertFiring(series, Set.of());
	}

	/**
	 * Which may be another than the configured one.
	 */
	@ParameterizedTest
	@CsvSource({ "20,12,", "20,9,EchodDrainWaits", "300,140,EchodDrainWaits" })
	void drainIsMeasuredByItsOwnDeadline(int deadline, int left, @Nullable String alert) throws Exception {
		StringBuilder series = new StringBuilder();
		addSeries(series, "up", "", "1x90");
		addSeries(series, "echod_drain_remaining", "", "3x90");
		addSeries(series, "echod_drain_time_left_seconds", "", left + "x90");
		addSeries(series, "echod_drain_deadline_seconds", "", deadline + "x90");
		assertFiring(series, Stream.ofNullable(alert).collect(Collectors.toSet()));
	}

	@Test
	void nothingWatchedIsAnAlert() throws Exception {
		StringBuilder series = new StringBuilder();
		addSeries(series, "up", "", "1x50");
		addSeries(series, "other", "", "1x90");
		assertFiring(series, Set.of(UNWATCHED));
	}

	/**
	 * After 80 minutes of these series, which is longer than any alert waits.
	 */
	private void assertFiring(CharSequence series, Set<String> alerts) throws Exception {
		writeRules();
		Files.writeString(this.folder.resolve("test.yml"), """
				rule_files: [rules.yml]
				evaluation_interval: 1m
				tests:
				  - interval: 1m
				    input_series:
				%s    promql_expr_test:
				      - expr: count by (alertname) (ALERTS{alertstate="firing"})
				        eval_time: 80m
				        exp_samples:
				%s""".formatted(series, alerts.stream().map((alert) -> """
				          - labels: '{alertname="%s"}'
				            value: 1
				""".formatted(alert)).collect(Collectors.joining())));
		assertThat(promtool("test", "rules", "test.yml")).contains("SUCCESS");
	}

	@Test
	void readmeListsEachAlert() throws IOException {
		List<String> rows = Files.readAllLines(Chart.FOLDER.resolve("README.md"))
			.stream()
			.dropWhile((line) -> !line.startsWith("| alert |"))
			.skip(2)
			.map((line) -> line.substring(0, line.lastIndexOf("|", line.length() - 2) + 1))
			.toList();
		assertThat(rows).containsExactlyInAnyOrderElementsOf(alerts().entrySet()
			.stream()
			.map((alert) -> "| `%s` | %s |".formatted(alert.getKey(), alert.getValue()))
			.toList());
	}

	/**
	 * Severities by name.
	 */
	private Map<String, String> alerts() {
		List<String> names = this.chart.at("PrometheusRule/test-echod", "$..rules[*].alert");
		List<String> severities = this.chart.at("PrometheusRule/test-echod", "$..rules[*].labels.severity");
		Map<String, String> alerts = new TreeMap<>();
		for (int i = 0; i < names.size(); i++) {
			alerts.put(names.get(i), severities.get(i));
		}
		return alerts;
	}

	private static void addSeries(StringBuilder text, String name, String labels, String values) {
		addSeries(text, "p", name, labels, values);
	}

	private static void addSeries(StringBuilder text, String pod, String name, String labels, String values) {
		text.append("""
				      - series: '%s{namespace="place", job="test-echod-admin", pod="%s"%s}'
				        values: '%s'
				""".formatted(name, pod, labels, values));
	}

	private void writeRules() throws IOException {
		Object spec = this.chart.at("PrometheusRule/test-echod", "$.spec");
		Files.writeString(this.folder.resolve("rules.yml"), new Yaml().dump(spec));
	}

	private String promtool(String... arguments) throws Exception {
		Needs.program("promtool");
		Process promtool = new ProcessBuilder(Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList())
			.directory(this.folder.toFile())
			.redirectErrorStream(true)
			.start();
		String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(promtool.waitFor()).as(output).isZero();
		return output;
	}

}
