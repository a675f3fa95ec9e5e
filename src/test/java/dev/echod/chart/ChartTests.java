package dev.echod.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.google.gson.JsonObject;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import dev.echod.testing.Chart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The chart's objects.
 */
class ChartTests {

	private static final String PRODUCTION = "values-production.yaml";

	private static final String[] ALWAYS = { "ConfigMap/test-echod", "Service/test-echod", "Deployment/test-echod" };

	static final String ODD = """
			fullnameOverride: odd
			replicaCount: 1
			imagePullSecrets: [{ name: pull }]
			config:
			  server: { address: 0.0.0.0, port: 9091 }
			  echod:
			    listeners:
			      echo: { enabled: false }
			      lines: { port: 7007, framing: lf }
			      a-listener-with-a-long-name: { port: 7008 }
			      chat: { port: 7009, framing: lf, service: broadcast }
			      cat: { port: 7010, concurrency: process, command: [cat, -u] }
			    drain: { announce: 500ms, deadline: 2m, closes-per-second: 50 }
			    admin: { viewer: { name: viewer } }
			admin: { operatorPassword: secret, viewerPassword: look }
			service: { type: LoadBalancer, annotations: { a: b } }
			adminService: { enabled: false }
			serviceAccount: { create: false, name: other }
			autoscaling: { enabled: true, targetCPUUtilizationPercentage: 0, targetConnections: 500 }
			podDisruptionBudget: { enabled: false }
			networkPolicy: { enabled: true }
			podAnnotations: { c: d }
			podLabels: { e: f }
			nodeSelector: { g: h }
			tolerations: [{ key: dedicated, operator: Exists }]
			affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: zone }] } }
			topologySpreadConstraints: [{ maxSkew: 2, topologyKey: zone, whenUnsatisfiable: DoNotSchedule }]
			extraEnv: [{ name: JAVA_TOOL_OPTIONS, value: "-Xmx256m" }]
			""";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	static Stream<String> values() throws IOException {
		String production = Files.readString(Chart.FOLDER.resolve(PRODUCTION));
		return Stream.concat(Stream.of("{}", production, ODD, Chart.EVERYTHING), Overrides.all().stream());
	}

	@ParameterizedTest
	@MethodSource("values")
	void lintsStrictly(String values) throws IOException {
		LintResult result = new Helm(Chart.copy(values, this.folder)).lint().strict().call();
		assertThat(result.isFailed()).as(String.valueOf(result.getMessages())).isFalse();
	}

	@ParameterizedTest
	@MethodSource("values")
	void everyObjectIsValid(String values) throws IOException {
		KubernetesModels.validate(Chart.render(values));
		KubernetesModels.validate(Chart.renderTests(values, this.folder));
	}

	@Test
	void productionIsValidAndHasEverything() throws IOException {
		Chart production = Chart.renderFile(PRODUCTION);
		KubernetesModels.validate(production);
		assertThat(production.objects()).containsKeys(ALWAYS)
			.containsKeys("HorizontalPodAutoscaler/test-echod", "NetworkPolicy/test-echod",
					"PodDisruptionBudget/test-echod", "PrometheusRule/test-echod", "ServiceMonitor/test-echod",
					"ConfigMap/test-echod-dashboard")
			.doesNotContainKey("Secret/test-echod-admin");
	}

	@Test
	void unknownFieldsAreSeen() {
		for (String kind : List.of("ConfigMap", "Pod", "PodMonitor", "PrometheusRule", "ServiceMonitor",
				"HorizontalPodAutoscaler", "TCPRoute")) {
			JsonObject object = new JsonObject();
			object.addProperty("kind", kind);
			object.addProperty("speck", "typo");
			assertThatThrownBy(() -> KubernetesModels.validate(object)).as(kind).hasMessageContaining("speck");
		}
	}

	@ParameterizedTest
	@CsvSource({ "adminService.enabled,Service/test-echod-admin", "serviceAccount.create,ServiceAccount/test-echod",
			"podDisruptionBudget.enabled,PodDisruptionBudget/test-echod",
			"autoscaling.enabled,HorizontalPodAutoscaler/test-echod", "networkPolicy.enabled,NetworkPolicy/test-echod",
			"serviceMonitor.enabled,ServiceMonitor/test-echod", "podMonitor.enabled,PodMonitor/test-echod",
			"headlessService.enabled,Service/test-echod-headless", "prometheusRule.enabled,PrometheusRule/test-echod",
			"dashboard.enabled,ConfigMap/test-echod-dashboard" })
	void eachSwitchIsOneObject(String key, String object) throws IOException {
		Chart on = Chart.renderWith(key, true);
		Chart off = Chart.renderWith(key, false);
		KubernetesModels.validate(on);
		KubernetesModels.validate(off);
		assertThat(off.objects()).containsKeys(ALWAYS);
		List<String> difference = new ArrayList<>(on.objects().keySet());
		difference.removeAll(off.objects().keySet());
		assertThat(difference).containsExactly(object);
	}

	@Test
	void secretOfOnesOwnTakesThePlaceOfTheCharts() {
		Chart chart = Chart.renderWith("admin.existingSecret", "mine");
		assertThat(chart.objects()).doesNotContainKey("Secret/test-echod-admin");
		assertThat(chart.<List<String>>at("Deployment/test-echod", "$..secretKeyRef.name")).containsExactly("mine",
				"mine");
	}

	@Test
	void replicasAreTheAutoscalersWhereThereIsOne() {
		assertThat(Chart.render("{}").<List<Integer>>at("Deployment/test-echod", "$..replicas")).containsExactly(2);
		Chart chart = Chart.render(Chart.EVERYTHING);
		assertThat(chart.<List<Integer>>at("Deployment/test-echod", "$..replicas")).isEmpty();
		assertThat(chart.<List<String>>at("HorizontalPodAutoscaler/test-echod", "$.spec.metrics[*].type"))
			.containsExactly("ContainerResource", "Pods");
		assertThat(Chart.render(ODD)
			.<List<String>>at("HorizontalPodAutoscaler/odd", "$.spec.metrics[*].pods.target.averageValue"))
			.containsExactly("500");
	}

	@Test
	void eachEnabledListenerHasAPort() {
		Chart odd = Chart.render(ODD);
		List<Integer> ports = List.of(7008, 7010, 7009, 7007);
		assertThat(odd.<List<Integer>>at("Service/odd", "$.spec.ports[*].port")).isEqualTo(ports);
		assertThat(odd.<List<String>>at("Service/odd", "$.spec.ports[*].name"))
			.containsExactly("a-listener-with-a-long-name", "cat", "chat", "lines");
		assertThat(odd.<List<Integer>>at("NetworkPolicy/odd", "$.spec.ingress[*].ports[*].port")).isEqualTo(ports);
		List<Integer> containerPorts = new ArrayList<>(ports);
		containerPorts.add(9091);
		assertThat(odd.<List<Integer>>at("Deployment/odd", "$..containers[0].ports[*].containerPort"))
			.isEqualTo(containerPorts);
	}

	@Test
	void eachEnabledListenerIsProbed() throws IOException {
		Chart tests = Chart.renderTests(ODD, this.folder);
		Map<String, List<String>> probes = Map.of("Pod/odd-test-a-listener-with-a-long-name",
				List.of("probe", "odd:7008", "--framing=stream"), "Pod/odd-test-cat",
				List.of("probe", "odd:7010", "--count=0"), "Pod/odd-test-chat",
				List.of("probe", "odd:7009", "--count=0"), "Pod/odd-test-lines",
				List.of("probe", "odd:7007", "--framing=lf"));
		assertThat(tests.objects().keySet()).isEqualTo(probes.keySet());
		probes.forEach((pod, arguments) -> assertThat(tests.<List<String>>at(pod, "$.spec.containers[0].args"))
			.isEqualTo(arguments));
	}

	@Test
	void gracePeriodFollowsFromTheDrain() {
		String path = "$.spec.template.spec.terminationGracePeriodSeconds";
		assertThat(Chart.render("{}").<Integer>at("Deployment/test-echod", path)).isEqualTo(45);
		assertThat(Chart.render(ODD).<Integer>at("Deployment/odd", path)).isEqualTo(131);
		assertThat(Chart.renderFile(PRODUCTION).<Integer>at("Deployment/test-echod", path)).isEqualTo(325);
		assertThat(Chart.renderWith("terminationGracePeriodSeconds", 60).<Integer>at("Deployment/test-echod", path))
			.isEqualTo(60);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "terminationGracePeriodSeconds: 44 | is 44, but a drain may take 45",
			"{ serviceMonitor: { enabled: true }, adminService: { enabled: false } } | needs the admin API's service",
			"autoscaling: { enabled: true, targetCPUUtilizationPercentage: 0 } | autoscaling needs a target",
			"autoscaling: { enabled: true, minReplicas: 11 } | minReplicas is 11, and may not be more than",
			"config: { echod: { listeners: { a: { port: 8080 } } } } | port 8080 of listener 'echo' is taken by listener 'a'",
			"config: { echod: { listeners: { echo: { port: 8081 } } } } | port 8081 of listener 'echo' is taken by the admin",
			"config: { echod: { listeners: { echo: { enabled: false } } } } | no listener is enabled",
			"config: { echod: { listeners: { echo: null, a: { port: 1 } } } } | echo.enabled to false instead of removing",
			"{ serviceMonitor: { enabled: true }, networkPolicy: { enabled: true } } | networkPolicy.adminFrom is to name",
			"config: { echod: { drain: { deadline: 48h } } } | longer than a day",
			"fullnameOverride: 4echod | is no name of a service",
			"global: { imageRegistry: x } | there is no value global.imageRegistry" })
	void valuesThatDoNotFitTogetherAreRefused(String values, String message) {
		assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message);
	}

	/**
	 * Global values are those of the chart that this one is a part of, for others there.
	 */
	@Test
	void globalValuesOfAnotherChartAreNoneOfOurs() throws IOException {
		Files.writeString(this.folder.resolve("Chart.yaml"), "{ apiVersion: v2, name: whole, version: 1.0.0 }");
		Chart.copy("admin: { operatorPassword: secret }", this.folder.resolve("charts/echod"));
		String objects = new Helm(this.folder).template()
			.withKubeVersion("1.29.0")
			.set("global.imageRegistry", "x")
			.call();
		assertThat(objects).contains("kind: Deployment");
	}

	@Test
	void podsAreRestricted() throws IOException {
		assertRestricted(Chart.render("{}"), "Deployment/test-echod", "$.spec.template.spec");
		assertRestricted(Chart.renderTests("{}", this.folder), "Pod/test-echod-test-echo", "$.spec");
		assertThat(
				Chart.render("{}").<Integer>at("Deployment/test-echod", "$.spec.strategy.rollingUpdate.maxUnavailable"))
			.isZero();
	}

	private static void assertRestricted(Chart chart, String object, String pod) {
		assertThat(chart.<Map<String, Object>>at(object, pod + ".securityContext")).containsEntry("runAsNonRoot", true)
			.containsEntry("seccompProfile", Map.of("type", "RuntimeDefault"));
		assertThat(chart.<Map<String, Object>>at(object, pod + ".containers[0].securityContext"))
			.containsEntry("readOnlyRootFilesystem", true)
			.containsEntry("allowPrivilegeEscalation", false)
			.containsEntry("capabilities", Map.of("drop", List.of("ALL")));
		assertThat(chart.<Boolean>at(object, pod + ".automountServiceAccountToken")).isFalse();
	}

	@Test
	void podsAreSpread() {
		String constraints = "$.spec.template.spec.topologySpreadConstraints";
		Map<String, Object> pods = Map.of("matchLabels",
				Map.of("app.kubernetes.io/name", "echod", "app.kubernetes.io/instance", "test"));
		Chart chart = Chart.render("{}");
		assertThat(chart.<List<String>>at("Deployment/test-echod", constraints + "[*].topologyKey"))
			.containsExactly("kubernetes.io/hostname");
		assertThat(chart.<Map<String, Object>>at("Deployment/test-echod", constraints + "[0].labelSelector"))
			.isEqualTo(pods);
		assertThat(Chart.renderFile(PRODUCTION)
			.<List<Object>>at("Deployment/test-echod", constraints + "[*].labelSelector")).containsExactly(pods, pods);
	}

	@Test
	void constraintKeepsItsOwnSelector() {
		Chart chart = Chart
			.render("""
					topologySpreadConstraints:
					  - { maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { a: b } } }
					""");
		assertThat(chart.<Map<String, Object>>at("Deployment/test-echod",
				"$.spec.template.spec.topologySpreadConstraints[0].labelSelector.matchLabels"))
			.isEqualTo(Map.of("a", "b"));
	}

	@Test
	void viewerHasAPassword() {
		String data = "$.data";
		assertThat(Chart.render("{}").<Map<String, String>>at("Secret/test-echod-admin", data))
			.containsOnlyKeys("operator-password");
		String viewer = "config: { echod: { admin: { viewer: { name: viewer } } } }\n";
		assertThat(Chart.render(viewer + "admin: { viewerPassword: look }")
			.<Map<String, String>>at("Secret/test-echod-admin", data)).containsEntry("viewer-password", "bG9vaw==");
		assertThat(Chart.render(viewer + "admin: { existingSecret: mine }")
			.<List<Boolean>>at("Deployment/test-echod", "$..secretKeyRef.optional")).containsExactly(false);
	}

	@Test
	void changedConfigurationRollsThePods() {
		String path = "$.spec.template.metadata.annotations";
		Map<String, String> before = Chart.render("{}").at("Deployment/test-echod", path);
		assertThat(Chart.renderWith("config.echod.drain.quiet", "2s")
			.<Map<String, String>>at("Deployment/test-echod", path))
			.doesNotContainEntry("checksum/config", before.get("checksum/config"))
			.containsEntry("checksum/admin", before.get("checksum/admin"));
		assertThat(Chart.renderWith("admin.viewerPassword", "other")
			.<Map<String, String>>at("Deployment/test-echod", path))
			.containsEntry("checksum/config", before.get("checksum/config"))
			.doesNotContainEntry("checksum/admin", before.get("checksum/admin"));
		assertThat(Chart.renderWith("replicaCount", 5).<Map<String, String>>at("Deployment/test-echod", path))
			.isEqualTo(before);
	}

}
