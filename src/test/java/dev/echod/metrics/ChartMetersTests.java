package dev.echod.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import dev.echod.connection.CloseReason;
import dev.echod.drain.DrainOutcome;
import dev.echod.drain.DrainState;
import dev.echod.listener.ListenerState;
import dev.echod.refusal.RefusedRequests;
import dev.echod.testing.Chart;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The chart's alerts, dashboard and autoscaler, and the meters that they ask for.
 */
class ChartMetersTests {

	private final Chart chart = Chart.render(Chart.EVERYTHING);

	@Test
	void eachMeterOfTheCatalogueIsLookedAtAndNoOther() {
		List<String> catalogue = Arrays.stream(Meters.values())
			.map((meter) -> meter.meterName().replace('.', '_'))
			.toList();
		List<String> ours = this.chart.meters().stream().filter((name) -> name.startsWith("echod_")).toList();
		assertThat(ours).extracting((name) -> name.replaceAll("(_seconds)?(_total|_bucket)?$", ""))
			.containsOnlyOnceElementsOf(catalogue)
			.hasSameSizeAs(catalogue);
	}

	@Test
	void eachReasonStateAndOutcomeIsOne() {
		assertThat(asked("echod_connections_closed_total", "reason")).isNotEmpty()
			.isSubsetOf(names(CloseReason.values()));
		assertThat(asked("echod_drain_state", "state")).isNotEmpty().isSubsetOf(names(DrainState.values()));
		assertThat(asked("echod_listener_state", "state")).isNotEmpty().isSubsetOf(names(ListenerState.values()));
		assertThat(asked("echod_drain_outcomes_total", "outcome")).isNotEmpty()
			.isSubsetOf(names(DrainOutcome.values()));
		assertThat(asked("echod_admin_refused_total", "reason")).isNotEmpty()
			.isSubsetOf(names(RefusedRequests.Reason.values()));
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

	/**
	 * A timeline would go on with the last state, as the series of one that is over just
	 * ends.
	 */
	@Test
	void statesThatAreOverAreSeenToBe() {
		String dashboard = this.chart.at("ConfigMap/test-echod-dashboard", "$.data['echod.json']");
		assertThat(JsonPath.<List<String>>read(dashboard, "$.panels[?(@.targets[0].expr =~ /.*_state\\{.*/)].type"))
			.containsExactly("status-history", "status-history");
		assertThat(JsonPath.<List<Object>>read(dashboard, "$.panels[?(@.type == 'state-timeline')]")).isEmpty();
	}

	/**
	 * What is extrapolated is no whole number, and windows that overlap count twice.
	 */
	@Test
	void countsAreWholeAndNoneIsTwice() {
		String dashboard = this.chart.at("ConfigMap/test-echod-dashboard", "$.data['echod.json']");
		assertThat(JsonPath.<List<String>>read(dashboard, "$.panels[*].targets[*].expr"))
			.filteredOn((expression) -> expression.contains("increase("))
			.singleElement()
			.asString()
			.startsWith("round(")
			.doesNotContain("$__rate_interval");
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

}
