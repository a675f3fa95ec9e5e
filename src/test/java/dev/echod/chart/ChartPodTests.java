package dev.echod.chart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.echod.testing.Chart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

/**
 * What may be added to the pods, and what stays as the chart makes it.
 */
class ChartPodTests {

	private static final String DEPLOYMENT = "Deployment/test-echod";

	private static final String POD = "$.spec.template.spec";

	private static final String CONTAINER = POD + ".containers[0]";

	private static final Map<String, String> LOW_PORTS = Map.of("name", "net.ipv4.ip_unprivileged_port_start", "value",
			"0");

	private final Chart accompanied = Chart.render(Overrides.ACCOMPANIED);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	@Test
	void podHasWhatIsGiven() {
		assertThat(this.accompanied.<Map<String, Object>>at(DEPLOYMENT, POD)).containsEntry("priorityClassName", "high")
			.containsEntry("runtimeClassName", "gvisor")
			.containsEntry("dnsPolicy", "None")
			.containsEntry("dnsConfig",
					Map.of("nameservers", List.of("10.0.0.10"), "searches", List.of("example.com"), "options",
							List.of(Map.of("name", "ndots", "value", "1"))))
			.containsEntry("terminationGracePeriodSeconds", 45)
			.doesNotContainKey("hostNetwork");
	}

	@Test
	void volumesAndMountsAreBesideTheCharts() {
		assertThat(this.accompanied.<List<String>>at(DEPLOYMENT, POD + ".volumes[*].name")).containsExactly("config",
				"tmp", "bundles", "dumps");
		assertThat(this.accompanied.<List<String>>at(DEPLOYMENT, CONTAINER + ".volumeMounts[*].mountPath"))
			.containsExactly("/etc/echod", "/tmp", "/etc/bundles", "/tmp/dumps");
	}

	@Test
	void containersAreBesideTheApplication() {
		assertThat(this.accompanied.<List<String>>at(DEPLOYMENT, POD + ".containers[*].name")).containsExactly("echod",
				"tail");
		assertThat(this.accompanied.<List<String>>at(DEPLOYMENT, POD + ".initContainers[*].name"))
			.containsExactly("wait", "proxy");
	}

	/**
	 * A container without a request would leave the autoscaler without a figure.
	 */
	@Test
	void autoscalerGoesByTheApplicationsContainer() {
		assertThat(this.accompanied.<List<Object>>at("HorizontalPodAutoscaler/test-echod", "$.spec.metrics"))
			.containsExactly(Map.of("type", "ContainerResource", "containerResource", Map.of("container", "echod",
					"name", "cpu", "target", Map.of("type", "Utilization", "averageUtilization", 70))));
	}

	@Test
	void environmentIsBesideTheCharts() {
		assertThat(this.accompanied.<List<Object>>at(DEPLOYMENT, CONTAINER + ".envFrom")).containsExactly(
				Map.of("configMapRef", Map.of("name", "mine")),
				Map.of("prefix", "ECHOD_", "secretRef", Map.of("name", "yours", "optional", true)));
		assertThat(this.accompanied.<List<String>>at(DEPLOYMENT, CONTAINER + ".env[*].name")).containsExactly(
				"SPRING_CONFIG_ADDITIONAL_LOCATION", "ECHOD_ADMIN_OPERATOR_PASSWORD", "ECHOD_ADMIN_VIEWER_PASSWORD",
				"JAVA_TOOL_OPTIONS");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ECHOD_LISTENERS_ECHO_RELAY_PORT", "ECHOD_LISTENERS_ECHO_RELAY_TLS_BUNDLE",
			"ECHOD_DRAIN_QUIET", "SERVER_FORWARD_HEADERS_STRATEGY" })
	void environmentMaySetWhatNothingFollowsFrom(String variable) {
		assertThat(Chart.render("extraEnv: [{ name: %s, value: '7' }]".formatted(variable))
			.<List<String>>at(DEPLOYMENT, CONTAINER + ".env[*].name")).contains(variable);
	}

	/**
	 * Spring takes them in lower case and with dots too.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "echod_drain_deadline", "ECHOD_DRAIN_ANNOUNCE", "echod.listeners.echo.port",
			"ECHOD_LISTENERS_TWO_WORDS_ENABLED", "ECHOD_LISTENERS_ECHO_TLS_BUNDLE",
			"echod.listeners.echo.proxy-protocol.mode", "ECHOD_LISTENERS_ECHO_PROXYPROTOCOL_MODE",
			"ECHOD_LISTENERS_ECHO_PROXYPROTOCOL_TRUSTED_0_", "ECHOD_LISTENERS_RELAY_PORT", "ECHOD_ADMIN_VIEWER_NAME",
			"server.address", "SERVER_SSL_BUNDLE", "server.ssl.enabled" })
	void environmentSetsNothingThatOtherObjectsFollowFrom(String variable) {
		assertThatThrownBy(() -> Chart.render("extraEnv: [{ name: %s, value: '7' }]".formatted(variable)))
			.hasMessageContaining("extraEnv has '%s', which services, probes, the secret and the grace period would not"
				.formatted(variable));
	}

	@ParameterizedTest
	@ValueSource(strings = { "MANAGEMENT_SERVER_PORT", "MANAGEMENT_ENDPOINTS_WEB_BASEPATH",
			"management.endpoints.web.base-path", "MANAGEMENT_ENDPOINTS_WEB_PATHMAPPING_HEALTH",
			"SPRING_WEBFLUX_BASE_PATH" })
	void environmentLeavesTheAdminApiWhereItIs(String variable) {
		assertThatThrownBy(() -> Chart.render("extraEnv: [{ name: %s, value: '7' }]".formatted(variable)))
			.hasMessageContaining(
					"extraEnv has '%s', but probes and monitors ask the admin API at its own port".formatted(variable));
	}

	@Test
	void securityStaysWhereNothingElseIsSaid() {
		assertThat(this.accompanied.<Map<String, Object>>at(DEPLOYMENT, CONTAINER + ".securityContext"))
			.isEqualTo(Map.of("allowPrivilegeEscalation", false, "readOnlyRootFilesystem", false, "capabilities",
					Map.of("drop", List.of("ALL"), "add", List.of("NET_ADMIN"))));
		assertThat(this.accompanied.<Map<String, Object>>at(DEPLOYMENT, POD + ".securityContext"))
			.isEqualTo(Map.of("runAsNonRoot", true, "runAsGroup", 10001, "fsGroup", 20000, "seccompProfile",
					Map.of("type", "RuntimeDefault"), "sysctls",
					List.of(LOW_PORTS, Map.of("name", "net.ipv4.tcp_keepalive_time", "value", "60"))));
	}

	@Test
	void sysctlOfTheChartIsItsOwnOrAnother() {
		String sysctls = POD + ".securityContext.sysctls";
		assertThat(Chart.render("{}").<List<Object>>at(DEPLOYMENT, sysctls)).containsExactly(LOW_PORTS);
		Map<String, String> other = Map.of("name", "net.ipv4.ip_unprivileged_port_start", "value", "7");
		assertThat(Chart
			.render("podSecurityContext: { sysctls: [{ name: net.ipv4.ip_unprivileged_port_start, value: '7' }] }")
			.<List<Object>>at(DEPLOYMENT, sysctls)).containsExactly(other);
	}

	@Test
	void podsOfTestsAreSecuredAlike() throws IOException {
		Chart tests = Chart.renderTests(Overrides.ACCOMPANIED, this.folder);
		String pod = "Pod/test-echod-test-echo";
		assertThat(tests.<Map<String, Object>>at(pod, "$.spec")).containsEntry("runtimeClassName", "gvisor")
			.extractingByKey("securityContext")
			.asInstanceOf(MAP)
			.containsEntry("fsGroup", 20000)
			.doesNotContainKeys("runAsUser", "sysctls");
		assertThat(tests.<Map<String, Object>>at(pod, "$.spec.containers[0].securityContext"))
			.isEqualTo(this.accompanied.at(DEPLOYMENT, CONTAINER + ".securityContext"));
	}

	@Test
	void probesTakeTheirTimes() {
		assertThat(this.accompanied.<Map<String, Object>>at(DEPLOYMENT, CONTAINER + ".readinessProbe"))
			.isEqualTo(Map.of("httpGet", Map.of("path", "/actuator/health/readiness", "port", "admin"),
					"initialDelaySeconds", 1, "periodSeconds", 5, "timeoutSeconds", 5, "failureThreshold", 2));
		assertThat(this.accompanied.<Map<String, Object>>at(DEPLOYMENT, CONTAINER + ".startupProbe"))
			.containsEntry("periodSeconds", 1)
			.containsEntry("failureThreshold", 300);
		assertThat(Chart.renderWith("probes.liveness.periodSeconds", 20)
			.<Map<String, Object>>at(DEPLOYMENT, CONTAINER + ".livenessProbe")).containsEntry("periodSeconds", 20)
			.containsEntry("timeoutSeconds", 5)
			.containsEntry("failureThreshold", 3);
	}

	@Test
	void strategyIsOneOfTwo() {
		String strategy = "$.spec.strategy";
		assertThat(Chart.render("{}").<Map<String, Object>>at(DEPLOYMENT, strategy))
			.isEqualTo(Map.of("type", "RollingUpdate", "rollingUpdate", Map.of("maxUnavailable", 0, "maxSurge", 1)));
		assertThat(Chart.render(Overrides.LOAD_BALANCED).<Map<String, Object>>at(DEPLOYMENT, strategy)).isEqualTo(
				Map.of("type", "RollingUpdate", "rollingUpdate", Map.of("maxUnavailable", "25%", "maxSurge", 0)));
		assertThat(Chart.render("strategy: { type: Recreate, rollingUpdate: null }")
			.<Map<String, Object>>at(DEPLOYMENT, strategy)).isEqualTo(Map.of("type", "Recreate"));
	}

	@Test
	void podsOnTheHostsNetworkAskTheClustersDns() {
		Chart host = Chart.render(Overrides.ON_THE_HOST);
		assertThat(host.<Map<String, Object>>at(DEPLOYMENT, POD)).containsEntry("hostNetwork", true)
			.containsEntry("dnsPolicy", "ClusterFirstWithHostNet");
		assertThat(Chart.renderWith("hostNetwork", false).<String>at(DEPLOYMENT, POD + ".dnsPolicy"))
			.isEqualTo("ClusterFirst");
		assertThat(Chart.render("{ hostNetwork: true, dnsPolicy: Default }").<String>at(DEPLOYMENT, POD + ".dnsPolicy"))
			.isEqualTo("Default");
	}

	/**
	 * The kubelet refuses pods that would set the host's.
	 */
	@Test
	void podsOnTheHostsNetworkSetNoneOfItsSysctls() {
		assertThat(Chart.render(Overrides.ON_THE_HOST).<List<String>>at(DEPLOYMENT, "$..sysctls[*].name"))
			.containsExactly("kernel.shm_rmid_forced");
		assertThat(Chart.renderWith("hostNetwork", true).<Map<String, Object>>at(DEPLOYMENT, POD + ".securityContext"))
			.doesNotContainKey("sysctls");
	}

	@Test
	void digestIsTheImageOfEachPod() throws IOException {
		String image = "registry.example.com:5000/team/echod@" + Overrides.DIGEST;
		assertThat(Chart.render(Overrides.LOAD_BALANCED).<String>at(DEPLOYMENT, CONTAINER + ".image")).isEqualTo(image);
		assertThat(Chart.renderTests(Overrides.LOAD_BALANCED, this.folder)
			.<List<String>>at("Pod/test-echod-test-echo", "$..image")).containsExactly(image);
		assertThat(Chart.renderWith("image.tag", "1.2").<String>at(DEPLOYMENT, CONTAINER + ".image"))
			.isEqualTo("echod:1.2");
	}

	@ParameterizedTest
	@CsvSource({ "image.repository,echod:1.2", "image.digest,sha256:abc", "strategy.type,BlueGreen",
			"strategy.maxSurge,1", "strategy.rollingUpdate.maxSurge,-1", "strategy.rollingUpdate.maxUnavailable,some",
			"probes.startup.path,x", "probes.readiness.periodSeconds,0",
			"probes.liveness.terminationGracePeriodSeconds,1", "podSecurityContext.sysctls[0].name,a",
			"securityContext,x", "priorityClassName,1", "hostNetwork,maybe", "dnsPolicy,Mine", "dnsConfig.nameserver,x",
			"envFrom[0].prefix,x", "envFrom[0].configMap.name,x", "extraVolumes[0].emptyDir.medium,Memory",
			"extraVolumeMounts[0].mountPath,/a", "initContainers[0].image,x", "extraContainers,x" })
	void schemaRefuses(String key, String value) {
		assertThatThrownBy(() -> Chart.renderWith(key, value))
			.hasMessageContaining("values don't meet the specifications");
	}

	@ParameterizedTest
	@ValueSource(strings = { "extraVolumeMounts: [{ name: a, mountPath: relative }]",
			"envFrom: [{ configMapRef: { name: a }, secretRef: { name: b } }]", "probes: null",
			"podSecurityContext: null" })
	void schemaRefusesWhatIsEmptyOrTwoThings(String values) {
		assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining("values don't meet the specifications");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', value = {
			"extraVolumes: [{ name: tmp, emptyDir: {} }] | extraVolumes has 'tmp', which is the chart's own",
			"extraVolumes: [{ name: a, emptyDir: {} }, { name: a, emptyDir: {} }] | extraVolumes has 'a' twice",
			"extraVolumeMounts: [{ name: a, mountPath: /a }] | extraVolumeMounts has 'a', which is not in extraVolumes",
			"extraVolumeMounts: [{ name: tmp, mountPath: /tmp/ }] | extraVolumeMounts has '/tmp', which is the chart's own",
			"extraVolumeMounts: [{ name: tmp, mountPath: /etc/echod/more }] | extraVolumeMounts has '/etc/echod', which",
			"extraVolumeMounts: [{ name: tmp, mountPath: /a }, { name: tmp, mountPath: //a }] | extraVolumeMounts has '/a' twice",
			"{ extraVolumes: [{ name: a, emptyDir: {} }], extraVolumeMounts: [{ name: a, mountPath: / }] } | has '/', which would cover",
			"{ extraVolumes: [{ name: a, emptyDir: {} }], extraVolumeMounts: [{ name: a, mountPath: /etc/ }] } | has '/etc', which would cover the chart's own /etc/echod",
			"extraContainers: [{ name: echod }] | initContainers and extraContainers has 'echod', which is the chart's own",
			"{ initContainers: [{ name: a }], extraContainers: [{ name: a }] } | extraContainers has 'a' twice",
			"extraEnv: [{ name: ECHOD_ADMIN_OPERATOR_PASSWORD, value: x }] | extraEnv has 'ECHOD_ADMIN_OPERATOR_PASSWORD', which",
			"extraEnv: [{ name: A, value: a }, { name: A, value: b }] | extraEnv has 'A' twice",
			"podLabels: { app.kubernetes.io/instance: x } | podLabels has 'app.kubernetes.io/instance', which is the chart's own",
			"podAnnotations: { checksum/config: x } | podAnnotations has 'checksum/config', which is the chart's own",
			"podAnnotations: { checksum/admin: x } | podAnnotations has 'checksum/admin', which is the chart's own",
			"strategy: { rollingUpdate: { maxSurge: 0 } } | strategy.rollingUpdate changes no pod",
			"strategy: { rollingUpdate: null } | strategy.type RollingUpdate needs strategy.rollingUpdate",
			"dnsPolicy: None | dnsPolicy None needs dnsConfig.nameservers",
			"{ dnsPolicy: None, dnsConfig: null } | dnsPolicy None needs dnsConfig.nameservers",
			"{ hostNetwork: true, dnsPolicy: ClusterFirst } | dnsPolicy ClusterFirst does not hold on the host's network",
			"{ hostNetwork: true, podSecurityContext: { sysctls: [{ name: net.core.somaxconn, value: '1' }] } } | sysctls has 'net.core.somaxconn', which cannot be set on",
			"image: { tag: '1.2', digest: 'sha256:0000000000000000000000000000000000000000000000000000000000000000' } | image.digest takes the place of image.tag" })
	void valuesThatDoNotFitTogetherAreRefused(String values, String message) {
		assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message);
	}

}
