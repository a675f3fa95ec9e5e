package dev.echod.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import dev.echod.connection.CloseReason;
import dev.echod.drain.DrainOutcome;
import dev.echod.drain.DrainState;
import dev.echod.listener.ListenerState;
import dev.echod.testing.Chart;
import dev.echod.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The chart's alerts, dashboard and autoscaler, and the meters that they ask for.
 */
class ChartMetersTests {

	private static final Pattern RUNBOOK = Pattern.compile("[A-Z].*\\. kubectl --namespace place .+");

	private final Chart chart = Chart.render(Chart.EVERYTHING);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	@Test
	void eachMeterIsInTheCatalogue() {
		List<String> catalogue = Arrays.stream(Meters.values())
			.map((meter) -> meter.meterName().replace('.', '_'))
			.toList();
		List<String> ours = this.chart.meters().stream().filter((name) -> name.startsWith("echod_")).toList();
		assertThat(ours).hasSizeGreaterThan(5)
			.allSatisfy((name) -> assertThat(name.replaceAll("(_seconds)?(_total|_bucket)?$", "")).isIn(catalogue));
	}

	@Test
	void eachReasonStateAndOutcomeIsOne() {
		assertThat(asked("echod_connections_closed_total", "reason")).isNotEmpty()
			.isSubsetOf(names(CloseReason.values()));
		assertThat(asked("echod_drain_state", "state")).isNotEmpty().isSubsetOf(names(DrainState.values()));
		assertThat(asked("echod_listener_state", "state")).isNotEmpty().isSubsetOf(names(ListenerState.values()));
		assertThat(asked("echod_drain_outcomes_total", "outcome")).isNotEmpty()
			.isSubsetOf(names(DrainOutcome.values()));
	}

	private static List<String> names(Enum<?>[] constants) {
		return Arrays.stream(constants).map(Enum::name).toList();
	}

	/**
	 * The values of a tag that a meter is asked for.
	 */
	private List<String> asked(String meter, String tag) {
		Pattern pattern = Pattern.compile(meter + "\\{[^}]*\\b" + tag + "(?:=~?|!=)\"([^\"]+)\"");
		return this.chart.expressions()
			.stream()
			.flatMap((expression) -> pattern.matcher(expression).results())
			.flatMap((found) -> Arrays.stream(found.group(1).split("\\|")))
			.toList();
	}

	@Test
	void eachAlertSaysWhatToLookAtAndHow() {
		List<String> runbooks = this.chart.at("PrometheusRule/test-echod", "$..rules[*].annotations.runbook");
		assertThat(runbooks).hasSameSizeAs(alerts().keySet())
			.allSatisfy((runbook) -> assertThat(runbook).matches(RUNBOOK).doesNotContain("\n"));
	}

	@Test
	void waitingDrainIsHalfItsDeadlineLate() {
		assertThat(waitingDrain(Chart.render(Chart.EVERYTHING))).endsWith(" < 15");
		assertThat(waitingDrain(Chart.renderFile("values-production.yaml"))).endsWith(" < 150");
		assertThat(waitingDrain(Chart.render(Chart.EVERYTHING + "config: { echod: { drain: { deadline: 1s } } }")))
			.endsWith(" < 0.5");
	}

	private static String waitingDrain(Chart chart) {
		return chart.<List<String>>at("PrometheusRule/test-echod", "$..rules[?(@.alert == 'EchodDrainWaits')].expr")
			.getFirst();
	}

	@Test
	void eachPanelHasATitleAUnitAndARow() {
		String dashboard = this.chart.at("ConfigMap/test-echod-dashboard", "$.data['echod.json']");
		List<Map<String, Object>> panels = JsonPath.read(dashboard, "$.panels[*]");
		assertThat(panels.getFirst()).containsEntry("type", "row");
		assertThat(panels).allSatisfy((panel) -> assertThat(panel.get("title")).asString().isNotEmpty())
			.doesNotHaveDuplicates()
			.filteredOn((panel) -> !"row".equals(panel.get("type")))
			.allSatisfy((panel) -> assertThat(panel.get("description")).asString().endsWith("."))
			.allSatisfy((panel) -> assertThat(JsonPath.<List<String>>read(panel, "$..unit")).isNotEmpty());
	}

	@Test
	void expressionsPassPromtool() throws Exception {
		writeRules();
		assertThat(promtool("check", "rules", "rules.yml")).contains("SUCCESS: 13 rules found");
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
		assertFiring(series, alerts().keySet());
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
		assertFiring(series, Set.of());
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
