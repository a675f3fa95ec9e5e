package dev.echod.chart;

import java.util.List;
import java.util.Map;

import dev.echod.testing.Chart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What watches the pods, and acts on them: monitors, autoscaler and disruption budget.
 */
class ChartMonitorTests {

	private static final String BUDGET = "PodDisruptionBudget/test-echod";

	private final Chart balanced = Chart.render(Overrides.LOAD_BALANCED);

	/**
	 * Else its job would be its own name, and no alert would fire.
	 */
	@Test
	void podMonitorsSeriesHaveTheServiceMonitorsJob() {
		Map<String, String> job = Map.of("targetLabel", "job", "replacement", "test-echod-admin");
		assertThat(this.balanced.<List<Object>>at("PodMonitor/test-echod", "$.spec.podMetricsEndpoints"))
			.containsExactly(Map.of("port", "admin", "path", "/actuator/prometheus", "interval", "1m", "scrapeTimeout",
					"60s", "relabelings",
					List.of(job,
							Map.of("sourceLabels", List.of("__meta_kubernetes_pod_node_name"), "targetLabel", "node")),
					"metricRelabelings",
					List.of(Map.of("action", "drop", "sourceLabels", List.of("__name__"), "regex", "jvm_.*"))));
		assertThat(Chart.render("prometheusRule: { enabled: true }")
			.<List<String>>at("PrometheusRule/test-echod", "$..expr"))
			.allMatch((expression) -> expression.contains("job=\"test-echod-admin\""));
	}

	@Test
	void podMonitorFindsThePodsAndTheirPort() {
		assertThat(this.balanced.<Map<String, String>>at("PodMonitor/test-echod", "$.spec.selector.matchLabels"))
			.isEqualTo(this.balanced.at("Deployment/test-echod", "$.spec.selector.matchLabels"));
		assertThat(this.balanced.<List<String>>at("Deployment/test-echod", "$..containers[0].ports[*].name"))
			.containsExactly("admin");
		assertThat(this.balanced.<Map<String, String>>at("PodMonitor/test-echod", "$.metadata.labels"))
			.containsEntry("release", "prometheus");
	}

	@Test
	void podMonitorNeedsNoServiceOfTheAdminApi() {
		assertThat(Chart.render("{ podMonitor: { enabled: true }, adminService: { enabled: false } }").objects())
			.containsKey("PodMonitor/test-echod")
			.doesNotContainKey("Service/test-echod-admin");
	}

	@Test
	void serviceMonitorRelabels() {
		assertThat(
				Chart.render(Overrides.ON_THE_HOST).<List<Object>>at("ServiceMonitor/test-echod", "$.spec.endpoints"))
			.containsExactly(Map.of("port", "admin", "path", "/actuator/prometheus", "interval", "500ms",
					"scrapeTimeout", "499ms", "relabelings",
					List.of(Map.of("action", "LabelDrop", "regex", "container")), "metricRelabelings",
					List.of(Map.of("action", "keep", "sourceLabels", List.of("__name__"), "regex", "echod_.*"))));
		assertThat(Chart.renderWith("serviceMonitor.enabled", true)
			.<List<Object>>at("ServiceMonitor/test-echod", "$.spec.endpoints"))
			.containsExactly(Map.of("port", "admin", "path", "/actuator/prometheus", "interval", "30s"));
	}

	@Test
	void autoscalerBehavesAsGiven() {
		assertThat(this.balanced.<Map<String, Object>>at("HorizontalPodAutoscaler/test-echod", "$.spec.behavior"))
			.isEqualTo(
					Map.of("scaleUp", Map.of("selectPolicy", "Max"), "scaleDown", Map.of("stabilizationWindowSeconds",
							600, "policies", List.of(Map.of("type", "Pods", "value", 1, "periodSeconds", 120)))));
	}

	@Test
	void intervalIsFreeWhereNoAlertGoesByIt() {
		assertThat(Chart.render("serviceMonitor: { enabled: true, interval: 2m }")
			.<List<String>>at("ServiceMonitor/test-echod", "$.spec.endpoints[*].interval")).containsExactly("2m");
	}

	/**
	 * Kubernetes takes the limit where there is no request.
	 */
	@Test
	void autoscalerGoesByALimitToo() {
		String scaled = "autoscaling: { enabled: true, targetConnections: 5 }\n";
		assertThat(Chart.render(scaled + "resources: { requests: { cpu: null }, limits: { cpu: 1 } }").objects())
			.containsKey("HorizontalPodAutoscaler/test-echod");
		assertThat(Chart.render(
				"{ autoscaling: { enabled: true, targetCPUUtilizationPercentage: 0, targetConnections: 5 }, resources: null }")
			.objects()).containsKey("HorizontalPodAutoscaler/test-echod");
	}

	@Test
	void budgetIsOneOfTwo() {
		assertThat(budget("{}")).containsEntry("maxUnavailable", 1).doesNotContainKey("minAvailable");
		assertThat(budget("podDisruptionBudget: { maxUnavailable: 0 }")).containsEntry("maxUnavailable", 0);
		assertThat(budget("podDisruptionBudget: { minAvailable: 50% }")).containsEntry("minAvailable", "50%")
			.doesNotContainKey("maxUnavailable");
		assertThat(budget("podDisruptionBudget: { minAvailable: 0 }")).containsEntry("minAvailable", 0)
			.doesNotContainKey("maxUnavailable");
	}

	private static Map<String, Object> budget(String values) {
		return Chart.render(values).at(BUDGET, "$.spec");
	}

	@ParameterizedTest
	@CsvSource({ "serviceMonitor.scrapeTimeout,soon", "serviceMonitor.interval,0s",
			"serviceMonitor.relabelings[0].from,x", "podMonitor.path,x",
			"podMonitor.metricRelabelings[0].action,delete", "autoscaling.behavior.scaledown.selectPolicy,Max",
			"autoscaling.behavior.scaleUp.selectPolicy,Most", "autoscaling.behavior.scaleUp.policies[0].type,Pods",
			"podDisruptionBudget.minAvailable,-1" })
	void schemaRefuses(String key, String value) {
		assertThatThrownBy(() -> Chart.renderWith(key, value))
			.hasMessageContaining("values don't meet the specifications");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', value = {
			"{ serviceMonitor: { enabled: true }, podMonitor: { enabled: true } } | would count each pod twice",
			"{ podMonitor: { enabled: true }, networkPolicy: { enabled: true } } | podMonitor needs Prometheus to reach the admin API: networkPolicy.adminFrom is to name it",
			"serviceMonitor: { enabled: true, scrapeTimeout: 31s } | serviceMonitor.scrapeTimeout is 31s, and may not be longer than its interval, which is 30s",
			"podMonitor: { enabled: true, interval: 1m, scrapeTimeout: 60001ms } | podMonitor.scrapeTimeout is 60001ms",
			"{ serviceMonitor: { enabled: true, interval: 61s }, prometheusRule: { enabled: true } } | serviceMonitor.interval is 61s, and may not be longer than 1m where prometheusRule is enabled",
			"{ podMonitor: { enabled: true, interval: 2m }, prometheusRule: { enabled: true } } | podMonitor.interval is 2m, and",
			"prometheusRule: { labels: { helm.sh/chart: x } } | prometheusRule.labels has 'helm.sh/chart', which is the chart's own",
			"dashboard: { labels: { app.kubernetes.io/name: x } } | dashboard.labels has 'app.kubernetes.io/name'",
			"podMonitor: { labels: { helm.sh/chart: x } } | podMonitor.labels has 'helm.sh/chart'",
			"{ autoscaling: { enabled: true }, resources: { requests: { cpu: null } } } | is a share of resources.requests.cpu, which is not set",
			"podMonitor: { enabled: true, labels: { app.kubernetes.io/version: x } } | podMonitor.labels has 'app.kubernetes.io/version'",
			"serviceMonitor: { enabled: true, labels: { helm.sh/chart: x } } | serviceMonitor.labels has 'helm.sh/chart'",
			"podDisruptionBudget: { maxUnavailable: 1, minAvailable: 1 } | takes maxUnavailable or minAvailable, not both" })
	void valuesThatDoNotFitTogetherAreRefused(String values, String message) {
		assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message);
	}

}
