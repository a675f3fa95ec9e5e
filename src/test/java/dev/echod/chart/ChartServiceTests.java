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
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

/**
 * How clients come to the listeners: services, routes, and the network policy that lets
 * them in.
 */
class ChartServiceTests {

	private static final String SERVICE = "Service/test-echod";

	private static final String POLICY = "NetworkPolicy/test-echod";

	private static final String TWO = "config: { echod: { listeners: { b: { port: 7007 } } } }\n";

	private final Chart balanced = Chart.render(Overrides.LOAD_BALANCED);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	@Test
	void serviceHasWhatIsGiven() {
		Map<String, Object> spec = this.balanced.at(SERVICE, "$.spec");
		assertThat(spec).containsEntry("type", "LoadBalancer")
			.containsEntry("ipFamilyPolicy", "PreferDualStack")
			.containsEntry("ipFamilies", List.of("IPv4", "IPv6"))
			.containsEntry("sessionAffinity", "ClientIP")
			.containsEntry("sessionAffinityConfig", Map.of("clientIP", Map.of("timeoutSeconds", 600)))
			.containsEntry("externalTrafficPolicy", "Local")
			.containsEntry("loadBalancerClass", "example.com/internal")
			.containsEntry("loadBalancerSourceRanges", List.of("10.0.0.0/8", "2001:db8::/32"));
		assertThat(this.balanced.<Map<String, String>>at(SERVICE, "$.metadata.labels")).containsEntry("team", "a")
			.containsEntry("app.kubernetes.io/name", "echod");
	}

	@Test
	void adminServicesLabelsAreBesideTheOneThatTheMonitorLooksFor() {
		assertThat(this.balanced.<Map<String, String>>at("Service/test-echod-admin", "$.metadata.labels"))
			.containsEntry("team", "d")
			.containsEntry("app.kubernetes.io/component", "admin");
	}

	/**
	 * What is not given is the cluster's to choose.
	 */
	@Test
	void serviceHasNothingElse() {
		assertThat(Chart.render("{}").<Map<String, Object>>at(SERVICE, "$.spec")).containsOnlyKeys("type",
				"sessionAffinity", "selector", "ports");
	}

	@Test
	void servicesPortIsTheListenersOrAnother() {
		assertThat(this.balanced.<List<Object>>at(SERVICE, "$.spec.ports")).containsExactly(
				Map.of("name", "echo", "port", 7, "targetPort", 8080, "nodePort", 30007, "protocol", "TCP"),
				Map.of("name", "lines", "port", 7007, "targetPort", 7007, "protocol", "TCP"));
		assertThat(this.balanced.<List<Integer>>at(POLICY, "$.spec.ingress[*].ports[*].port"))
			.containsExactlyInAnyOrder(8080, 7007, 8081);
		assertThat(this.balanced.<List<Integer>>at("Deployment/test-echod", "$..containers[0].ports[*].containerPort"))
			.containsExactly(8080, 7007, 8081);
	}

	@Test
	void portsMayBeSwapped() {
		Chart chart = Chart.render(TWO + "service: { ports: { echo: { port: 7007 }, b: { port: 8080 } } }");
		assertThat(chart.<List<Integer>>at(SERVICE, "$.spec.ports[*].port")).containsExactly(8080, 7007);
		assertThat(chart.<List<Integer>>at(SERVICE, "$.spec.ports[*].targetPort")).containsExactly(7007, 8080);
	}

	@Test
	void probesGoToTheServicesPort() throws IOException {
		Chart tests = Chart.renderTests(Overrides.LOAD_BALANCED, this.folder);
		assertThat(tests.<List<String>>at("Pod/test-echod-test-echo", "$..args[1]")).containsExactly("test-echod:7");
	}

	/**
	 * Its clients connect to the pods themselves, so that no port can be another.
	 */
	@Test
	void headlessServiceIsBesideTheOther() {
		String headless = "Service/test-echod-headless";
		assertThat(this.balanced.<Map<String, Object>>at(headless, "$.spec")).containsEntry("clusterIP", "None")
			.containsEntry("ipFamilies", List.of("IPv4", "IPv6"))
			.containsEntry("selector", this.balanced.at(SERVICE, "$.spec.selector"))
			.doesNotContainKeys("externalTrafficPolicy", "publishNotReadyAddresses");
		assertThat(this.balanced.<List<Integer>>at(headless, "$.spec.ports[*].port")).containsExactly(8080, 7007);
		assertThat(this.balanced.<Map<String, String>>at(headless, "$.metadata.labels")).containsEntry("team", "b")
			.doesNotContainKey("app.kubernetes.io/component");
		assertThat(this.balanced.<Map<String, String>>at(headless, "$.metadata.annotations"))
			.isEqualTo(Map.of("a", "b"));
		assertThat(this.balanced.<Map<String, Object>>at(SERVICE, "$.spec")).doesNotContainKey("clusterIP");
	}

	@Test
	void routeOfAListenerGoesToTheServicesPort() {
		String route = "TCPRoute/test-echod-echo";
		assertThat(this.balanced.<String>at(route, "$.apiVersion")).isEqualTo("gateway.networking.k8s.io/v1alpha2");
		assertThat(this.balanced.<Map<String, Object>>at(route, "$.spec")).isEqualTo(
				Map.of("parentRefs", List.of(Map.of("name", "edge", "namespace", "gateways", "sectionName", "echo")),
						"rules", List.of(Map.of("backendRefs", List.of(Map.of("name", "test-echod", "port", 7))))));
		assertThat(this.balanced.<Map<String, String>>at(route, "$.metadata.labels")).containsEntry("team", "c");
		assertThat(this.balanced.<Map<String, String>>at(route, "$.metadata.annotations")).containsEntry("c", "d");
		assertThat(this.balanced.<List<Integer>>at("TCPRoute/test-echod-lines", "$.spec.rules[*].backendRefs[*].port"))
			.containsExactly(7007);
		assertThat(Chart.render(TWO).objects().keySet()).noneMatch((name) -> name.startsWith("TCPRoute/"));
	}

	@Test
	void listenerMayHaveSeveralParents() throws IOException {
		Chart chart = Chart
			.render("tcpRoutes: { echo: { parentRefs: [{ name: a, port: 7 }, { name: a, port: 8 }, { name: b }] } }");
		KubernetesModels.validate(chart);
		assertThat(chart.<List<String>>at("TCPRoute/test-echod-echo", "$.spec.parentRefs[*].name")).containsExactly("a",
				"a", "b");
	}

	/**
	 * A rule without ports would let everybody in everywhere.
	 */
	@Test
	void policyLetsIntoAListenerWhoIsNamed() {
		List<Map<String, Object>> rules = this.balanced.at(POLICY, "$.spec.ingress");
		assertThat(rules).hasSize(3)
			.allSatisfy((rule) -> assertThat(rule.get("ports")).asInstanceOf(LIST).isNotEmpty())
			.first()
			.isEqualTo(Map.of("ports", List.of(Map.of("port", 7007, "protocol", "TCP"))));
		assertThat(this.balanced.<List<Object>>at(POLICY, "$.spec.ingress[1].from")).hasSize(3)
			.contains(Map.of("ipBlock", Map.of("cidr", "10.0.0.0/8", "except", List.of("10.1.0.0/16"))))
			.last()
			.isEqualTo(Map.of("podSelector", Map.of("matchLabels",
					Map.of("app.kubernetes.io/name", "echod-test", "app.kubernetes.io/instance", "test"))));
		assertThat(this.balanced.<List<Integer>>at(POLICY, "$.spec.ingress[1].ports[*].port")).containsExactly(8080);
	}

	/**
	 * Whoever else comes would be reset, having taken a place.
	 */
	@Test
	void policyLetsProxiesIntoAListenerThatRequiresThem() throws IOException {
		Chart chart = Chart
			.render("""
					config:
					  echod:
					    listeners:
					      a: { port: 7001, proxy-protocol: { mode: required, trusted: [10.0.0.0/8, 192.0.2.1, "2001:db8::1"] } }
					      b: { port: 7002, proxy-protocol: { mode: required, trusted: [10.0.0.0/8] } }
					      c: { port: 7003, proxy-protocol: { mode: optional, trusted: [10.0.0.0/8] } }
					networkPolicy: { enabled: true, from: { b: [{ podSelector: { matchLabels: { app: proxy } } }] } }
					""");
		KubernetesModels.validate(chart);
		assertThat(chart.<List<Integer>>at(POLICY, "$.spec.ingress[0].ports[*].port")).containsExactly(7003, 8080);
		assertThat(chart.<Map<String, Object>>at(POLICY, "$.spec.ingress[0]")).containsOnlyKeys("ports");
		assertThat(chart.<List<String>>at(POLICY, "$.spec.ingress[?(@.ports[0].port == 7001)].from[*].ipBlock.cidr"))
			.containsExactly("10.0.0.0/8", "192.0.2.1/32", "2001:db8::1/128");
		assertThat(chart.<List<Object>>at(POLICY, "$.spec.ingress[?(@.ports[0].port == 7002)].from[0]"))
			.containsExactly(Map.of("podSelector", Map.of("matchLabels", Map.of("app", "proxy"))));
		assertThat(chart.<List<Integer>>at(POLICY, "$.spec.ingress[*].ports[*].port")).containsExactlyInAnyOrder(7001,
				7002, 7003, 8080);
	}

	@Test
	void policyHasNoOpenRuleWhereEachListenerHasSources() {
		Chart chart = Chart
			.render("networkPolicy: { enabled: true, from: { echo: [{ ipBlock: { cidr: 10.0.0.0/8 } }] } }");
		assertThat(chart.<List<Map<String, Object>>>at(POLICY, "$.spec.ingress")).singleElement()
			.satisfies((rule) -> assertThat(rule).containsOnlyKeys("from", "ports"));
	}

	@Test
	void podsOfTestsHaveTheLabelsThatThePolicyLetsIn() throws IOException {
		assertThat(Chart.renderTests("{}", this.folder)
			.<Map<String, String>>at("Pod/test-echod-test-echo", "$.metadata.labels"))
			.isEqualTo(this.balanced.at(POLICY, "$.spec.ingress[1].from[2].podSelector.matchLabels"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ipFamilies: [IPv6]", "ipFamilyPolicy: PreferDualStack",
			"ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv4]" })
	void ipv6NeedsListenersThatAreBoundToIt(String families) {
		String service = "service: { %s }\n".formatted(families);
		assertThatThrownBy(() -> Chart.render(service)).hasMessageContaining(
				"listener 'echo' is bound to 0.0.0.0, which is IPv4 alone: set config.echod.listeners.echo.address to '::'");
		Chart.render(service + "config: { echod: { listeners: { echo: { address: '::' }, b: { enabled: false } } } }");
	}

	@ParameterizedTest
	@CsvSource({ "service.labels.a,1", "service.ports.echo.port,0", "service.ports.echo.targetPort,80",
			"service.ports.echo.nodePort,70000", "service.ipFamilyPolicy,Dual", "service.ipFamilies[0],IPv5",
			"service.sessionAffinity,Cookie", "service.sessionAffinityTimeoutSeconds,0",
			"service.externalTrafficPolicy,Node", "service.loadBalancerSourceRanges[0],10.0.0.0",
			"service.clusterIP,None", "headlessService.enabled,maybe", "headlessService.type,x",
			"tcpRoutes.echo.parentRefs,x", "tcpRoutes.echo.labels.a,b", "tcpRoutes.echo.parentRefs[0].port,80",
			"networkPolicy.from.echo,x", "networkPolicy.from.echo[0].pods,x",
			"networkPolicy.adminFrom[0].ipBlock.cidr,10.0.0.1" })
	void schemaRefuses(String key, String value) {
		assertThatThrownBy(() -> Chart.renderWith(key, value))
			.hasMessageContaining("values don't meet the specifications");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tcpRoutes: { echo: { parentRefs: [] } }", "networkPolicy: { from: { echo: [] } }",
			"networkPolicy: { adminFrom: [{}] }",
			"networkPolicy: { adminFrom: [{ ipBlock: { cidr: 10.0.0.0/8 }, podSelector: {} }] }",
			"service: { ipFamilies: [IPv4, IPv4] }", "service: { ports: null }", "headlessService: null" })
	void schemaRefusesWhatIsEmptyOrTwoThings(String values) {
		assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining("values don't meet the specifications");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', value = {
			"service: { externalTrafficPolicy: Local } | externalTrafficPolicy is for service.type NodePort or LoadBalancer, not ClusterIP",
			"service: { type: NodePort, loadBalancerClass: x } | loadBalancerClass is for service.type LoadBalancer, not NodePort",
			"service: { loadBalancerSourceRanges: [10.0.0.0/8] } | loadBalancerSourceRanges is for service.type LoadBalancer",
			"service: { ports: { echo: { nodePort: 30007 } } } | service.ports.echo.nodePort is for service.type NodePort or",
			"service: { ports: { ecko: { port: 7 } } } | service.ports has 'ecko', which is no enabled listener: b, echo",
			"service: { ports: { echo: { port: 7007 } } } | port 7007 of listener 'echo' at the service is taken by listener 'b'",
			"service: { type: NodePort, ports: { echo: { nodePort: 30001 }, b: { nodePort: 30001 } } } | nodePort 30001 of listener 'echo' at the service is taken by",
			"service: { sessionAffinityTimeoutSeconds: 60 } | is for service.sessionAffinity ClientIP, not None",
			"service: { ipFamilyPolicy: SingleStack, ipFamilies: [IPv4, IPv6] } | two service.ipFamilies need service.ipFamilyPolicy",
			"service: { ipFamilies: [IPv4, IPv6] } | need service.ipFamilyPolicy PreferDualStack or RequireDualStack; an empty one",
			"service: { labels: { app.kubernetes.io/name: x } } | service.labels has 'app.kubernetes.io/name', which is the chart's own",
			"headlessService: { enabled: true, labels: { helm.sh/chart: x } } | headlessService.labels has 'helm.sh/chart'",
			"headlessService: { labels: { helm.sh/chart: x } } | headlessService.labels has 'helm.sh/chart'",
			"adminService: { labels: { helm.sh/chart: x } } | adminService.labels has 'helm.sh/chart'",
			"adminService: { labels: { app.kubernetes.io/component: x } } | adminService.labels has 'app.kubernetes.io/component', which",
			"tcpRoutes: { lines: { parentRefs: [{ name: a }] } } | tcpRoutes has 'lines', which is no enabled listener",
			"tcpRoutes: { echo: { parentRefs: [{ name: a }] }, b: { parentRefs: [{ name: a, namespace: place }] } } | tcpRoutes.echo asks for the parent of tcpRoutes.b, 'a'",
			"tcpRoutes: { echo: { parentRefs: [{ name: a }] }, b: { parentRefs: [{ name: a, sectionName: b }] } } | tcpRoutes.echo asks for the parent of tcpRoutes.b, 'a'",
			"tcpRoutes: { echo: { parentRefs: [{ name: a, port: 7 }] }, b: { parentRefs: [{ name: a }] } } | tcpRoutes.echo asks for the parent of tcpRoutes.b, 'a'",
			"tcpRoutes: { echo: { parentRefs: [{ name: a }, { name: a, port: 7 }] } } | tcpRoutes.echo asks for the parent of tcpRoutes.echo, 'a'",
			"networkPolicy: { enabled: true, from: { lines: [{ ipBlock: { cidr: 10.0.0.0/8 } }] } } | networkPolicy.from has 'lines'",
			"networkPolicy: { from: { lines: [{ ipBlock: { cidr: 10.0.0.0/8 } }] } } | networkPolicy.from has 'lines'",
			"{ hostNetwork: true, networkPolicy: { enabled: true } } | a network policy does not hold for pods on the host's network" })
	void valuesThatDoNotFitTogetherAreRefused(String values, String message) {
		String both = values.startsWith("{") ? values : TWO + values;
		assertThatThrownBy(() -> Chart.render(both)).hasMessageContaining(message);
	}

}
