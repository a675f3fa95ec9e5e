package dev.echod.chart;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.echod.testing.Chart;
import dev.echod.testing.Readme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The chart's certificates: from a secret or a cert-manager to the application, and what
 * follows from the admin API's TLS.
 */
class ChartTlsTests {

	private static final String DEPLOYMENT = "Deployment/test-echod";

	private static final String POD = "$.spec.template.spec";

	private static final String CONTAINER = POD + ".containers[0]";

	private static final String SECURE = """
			certificates:
			  admin: { issuerRef: { name: internal, kind: ClusterIssuer }, trustSecret: operators-ca }
			  edge: { existingSecret: edge-tls }
			config:
			  server: { ssl: { bundle: admin, client-auth: want } }
			  spring: { application: { name: other } }
			  echod:
			    admin: { x509: { principal: san, operators: [jane], viewers: [joe] }, jwt: { claim: roles, viewers: [v] } }
			serviceMonitor: { enabled: true, tlsConfig: { serverName: test-echod-admin.place.svc, ca: { secret: { name: a, key: ca.crt } } } }
			networkPolicy: { enabled: true, adminFrom: [{ podSelector: { matchLabels: { app: monitoring } } }] }
			prometheusRule: { enabled: true }
			""";

	private final Chart secure = Chart.render(SECURE);

	private static Map<String, Object> configuration(Chart chart) {
		return new Yaml().load(chart.<String>at("ConfigMap/test-echod", "$.data['application.yml']"));
	}

	@Test
	void objectsAreWhatKubernetesTakes() throws Exception {
		this.secure.objects().remove("Certificate/test-echod-admin");
		KubernetesModels.validate(this.secure);
		Chart watched = Chart.render(SECURE.replace("serviceMonitor:", "podMonitor:"));
		KubernetesModels.validate(Objects.requireNonNull(watched.objects().get("PodMonitor/test-echod")));
	}

	@Test
	void valuesOfTheReadmeAreTaken() throws Exception {
		Chart chart = Chart.render(Readme.blocks(Chart.FOLDER.resolve("README.md"), "## TLS", "yaml").getFirst());
		assertThat(chart.objects()).containsKey("ServiceMonitor/test-echod");
		assertThat(chart.objects().remove("Certificate/test-echod-admin")).isNotNull();
		KubernetesModels.validate(chart);
	}

	@Test
	void certificatesAreBundlesThatAreReloaded() {
		Map<String, Object> spring = Map.of("application", Map.of("name", "other"), "ssl",
				Map.of("bundle",
						Map.of("pem",
								Map.of("admin", Map.of("reload-on-update", true, "keystore",
										Map.of("certificate", "/etc/certificates/admin/certificate/tls.crt",
												"private-key", "/etc/certificates/admin/certificate/tls.key"),
										"truststore", Map.of("certificate", "/etc/certificates/admin/trust/ca.crt")),
										"edge",
										Map.of("reload-on-update", true, "keystore",
												Map.of("certificate", "/etc/certificates/edge/certificate/tls.crt",
														"private-key",
														"/etc/certificates/edge/certificate/tls.key"))))));
		assertThat(configuration(this.secure)).containsEntry("spring", spring);
		assertThat(configuration(Chart.render("{}"))).doesNotContainKey("spring");
	}

	@Test
	void secretsAreMountedWhole() {
		assertThat(this.secure.<List<Map<String, Object>>>at(DEPLOYMENT, CONTAINER + ".volumeMounts")).contains(
				Map.of("name", "certificate-admin", "mountPath", "/etc/certificates/admin/certificate", "readOnly",
						true),
				Map.of("name", "trust-admin", "mountPath", "/etc/certificates/admin/trust", "readOnly", true),
				Map.of("name", "certificate-edge", "mountPath", "/etc/certificates/edge/certificate", "readOnly", true))
			.hasSize(5);
		assertThat(this.secure.<List<Object>>at(DEPLOYMENT, "$..subPath")).isEmpty();
		assertThat(this.secure.<List<String>>at(DEPLOYMENT, POD + ".volumes[*].secret.secretName"))
			.containsExactly("test-echod-admin-tls", "operators-ca", "edge-tls");
	}

	@Test
	void relayNeedsNoCertificateOfItsOwn() {
		Chart chart = Chart
			.render("""
					certificates: { out: { trustSecret: upstreams } }
					config:
					  echod:
					    listeners:
					      far: { port: 7008, framing: lf, service: relay, relay: { host: other, port: 7, tls: { bundle: out } } }
					""");
		assertThat(configuration(chart)).containsEntry("spring",
				Map.of("ssl", Map.of("bundle", Map.of("pem", Map.of("out", Map.of("reload-on-update", true,
						"truststore", Map.of("certificate", "/etc/certificates/out/trust/ca.crt")))))));
		assertThat(chart.<List<String>>at(DEPLOYMENT, POD + ".volumes[*].secret.secretName"))
			.containsExactly("upstreams");
	}

	@Test
	void certManagerMakesTheCertificateForTheServices() {
		String certificate = "Certificate/test-echod-admin";
		assertThat(this.secure.objects().keySet()).contains(certificate).doesNotContain("Certificate/test-echod-edge");
		assertThat(this.secure.<String>at(certificate, "$.spec.secretName")).isEqualTo("test-echod-admin-tls");
		assertThat(this.secure.<Map<String, String>>at(certificate, "$.spec.issuerRef"))
			.isEqualTo(Map.of("name", "internal", "kind", "ClusterIssuer"));
		assertThat(this.secure.<List<String>>at(certificate, "$.spec.dnsNames")).contains("test-echod",
				"test-echod.place", "test-echod.place.svc", "test-echod-admin.place.svc");
		assertThat(Chart.render("certificates: { own: { issuerRef: { name: i }, dnsNames: [echo.example.org] } }")
			.<List<String>>at("Certificate/test-echod-own", "$.spec.dnsNames")).containsExactly("echo.example.org");
		assertThat(Chart.render("{}").objects().keySet()).noneMatch((name) -> name.startsWith("Certificate/"));
	}

	@Test
	void certManagerMakesWhatARelayShowsItsUpstream() {
		Chart chart = Chart
			.render("""
					certificates: { out: { issuerRef: { name: i } }, in: { issuerRef: { name: i } } }
					config:
					  echod:
					    listeners:
					      far: { port: 7008, framing: lf, service: relay, relay: { host: other, port: 7, tls: { bundle: out } } }
					""");
		assertThat(chart.<List<String>>at("Certificate/test-echod-out", "$.spec.usages")).contains("client auth");
		assertThat(chart.<List<String>>at("Certificate/test-echod-in", "$.spec.usages")).doesNotContain("client auth");
	}

	@ParameterizedTest
	@ValueSource(strings = { "startup", "liveness", "readiness" })
	void probesAskByHttps(String probe) {
		String get = CONTAINER + ".%sProbe.httpGet".formatted(probe);
		assertThat(this.secure.<Map<String, String>>at(DEPLOYMENT, get)).containsEntry("scheme", "HTTPS");
		assertThat(Chart.render("{}").<Map<String, String>>at(DEPLOYMENT, get)).doesNotContainKey("scheme");
	}

	@Test
	void monitorsAskByHttps() {
		Map<String, Object> tls = Map.of("serverName", "test-echod-admin.place.svc", "ca",
				Map.of("secret", Map.of("name", "a", "key", "ca.crt")));
		assertThat(this.secure.<Map<String, Object>>at("ServiceMonitor/test-echod", "$.spec.endpoints[0]"))
			.containsEntry("scheme", "https")
			.containsEntry("tlsConfig", tls);
		assertThat(Chart.render("""
				certificates: { admin: { existingSecret: a } }
				config: { server: { ssl: { bundle: admin } } }
				podMonitor: { enabled: true, tlsConfig: { insecureSkipVerify: true } }
				""").<Map<String, Object>>at("PodMonitor/test-echod", "$.spec.podMetricsEndpoints[0]"))
			.containsEntry("scheme", "https")
			.containsEntry("tlsConfig", Map.of("insecureSkipVerify", true));
	}

	@Test
	void runbooksAskByHttps() {
		assertThat(this.secure.<List<String>>at("PrometheusRule/test-echod", "$..runbook"))
			.anyMatch((runbook) -> runbook.contains("curl -sSk ") && runbook.contains("'https://127.0.0.1:18081/"))
			.noneMatch((runbook) -> runbook.contains("http://"));
	}

	@Test
	void bundleOfOnesOwnIsTaken() {
		assertThat(configuration(Chart.render("""
				config:
				  server: { ssl: { bundle: mine, client-auth: want } }
				  spring: { ssl: { bundle: { jks: { mine: { keystore: { location: /keys/mine.jks } } } } } }
				extraVolumes: [{ name: keys, secret: { secretName: mine } }]
				extraVolumeMounts: [{ name: keys, mountPath: /keys }]
				"""))).containsKey("spring");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', value = {
			"config: { server: { ssl: { bundle: admin } } } | config.server.ssl.bundle is 'admin', which is neither in certificates nor in config.spring.ssl.bundle: there is none",
			"{ certificates: { edge: { existingSecret: a } }, config: { server: { ssl: { bundle: admin } } } } | config.spring.ssl.bundle: edge",
			"{ certificates: { a: { existingSecret: a } }, config: { server: { ssl: { bundle: a, client-auth: want } } } } | certificates.a.trustSecret is to name the secret",
			"{ certificates: { a: { existingSecret: a, trustSecret: b } }, config: { server: { ssl: { bundle: a, client-auth: need } } } } | need keeps out the kubelet",
			"{ certificates: { a: { existingSecret: a } }, config: { spring: { ssl: { bundle: { pem: { a: {} } } } } } } | the bundle 'a' is in certificates and in config.spring.ssl.bundle",
			"certificates: { a: {} } | certificates.a needs existingSecret",
			"certificates: { a: { existingSecret: a, issuerRef: { name: i } } } | certificates.a has existingSecret and issuerRef",
			"certificates: { a: { existingSecret: a, dnsNames: [b] } } | certificates.a.dnsNames is for issuerRef",
			"{ certificates: { a: { existingSecret: a } }, config: { server: { ssl: { bundle: a } } }, serviceMonitor: { enabled: true } } | serviceMonitor.tlsConfig is to say how Prometheus verifies",
			"podMonitor: { enabled: true, tlsConfig: { insecureSkipVerify: true } } | podMonitor.tlsConfig is for an admin API with TLS",
			"{ certificates: { a: { existingSecret: a } }, extraVolumes: [{ name: certificate-a, emptyDir: {} }] } | extraVolumes has 'certificate-a', which is the chart's own",
			"extraVolumeMounts: [{ name: tmp, mountPath: /etc/certificates/x }] | extraVolumeMounts has '/etc/certificates', which is the chart's own",
			"extraEnv: [{ name: SERVER_SSL_BUNDLE, value: x }] | it belongs to config" })
	void valuesThatDoNotFitTogetherAreRefused(String values, String message) {
		assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message);
	}

	/**
	 * Pods of helm test have no certificate of a client, are no proxy, and their
	 * addresses are not known.
	 */
	@Test
	void listenersAreTestedThatServeWhoeverComes(@TempDir Path folder) throws Exception {
		Chart tests = Chart.renderTests("""
				certificates: { edge: { existingSecret: edge-tls, trustSecret: clients } }
				config:
				  echod:
				    listeners:
				      secure: { port: 8443, tls: { bundle: edge, client-auth: want } }
				      proxied: { port: 8444, proxy-protocol: { mode: required, trusted: [10.0.0.0/8] } }
				      maybe: { port: 8445, proxy-protocol: { mode: optional, trusted: [10.0.0.0/8] } }
				      few: { port: 8446, access: { allow: [10.0.0.0/8] } }
				      most: { port: 8447, access: { deny: [10.0.0.0/8] } }
				      all: { port: 8448, access: { allow: [], deny: [] } }
				""", folder);
		assertThat(tests.objects().keySet()).containsExactlyInAnyOrder("Pod/test-echod-test-echo",
				"Pod/test-echod-test-secure", "Pod/test-echod-test-maybe", "Pod/test-echod-test-all");
		assertThat(arguments(tests, "secure")).contains("--count=0");
		assertThat(arguments(tests, "maybe")).contains("--framing=stream");
	}

	/**
	 * Whose clients are to be trusted is said of the listener's own bundle.
	 */
	@Test
	void certificatesForNamesOfHostsNeedNoTrustOfTheirOwn() {
		assertThat(configuration(Chart
			.render("""
					certificates: { edge: { existingSecret: a, trustSecret: clients }, other: { existingSecret: b } }
					config:
					  echod:
					    listeners:
					      secure: { port: 8443, tls: { bundle: edge, client-auth: need, server-names: { "[*.example.org]": other } } }
					""")))
			.extracting("echod.listeners.secure.tls.server-names")
			.isEqualTo(Map.of("[*.example.org]", "other"));
	}

	private static List<String> arguments(Chart tests, String listener) {
		return tests.at("Pod/test-echod-test-" + listener, "$.spec.containers[0].args");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', value = {
			"config: { echod: { listeners: { echo: { tls: { bundle: edge } } } } } | config.echod.listeners.echo.tls.bundle is 'edge', which is neither in certificates",
			"{ certificates: { edge: { existingSecret: a } }, config: { echod: { listeners: { echo: { tls: { bundle: edge, client-auth: need } } } } } } | certificates.edge.trustSecret is to name the secret",
			"{ certificates: { edge: { trustSecret: a } }, config: { echod: { listeners: { echo: { tls: { bundle: edge } } } } } } | but certificates.edge has trustSecret alone",
			"{ certificates: { edge: { existingSecret: a } }, config: { echod: { listeners: { echo: { tls: { bundle: edge, server-names: { b.example.org: other } } } } } } } | config.echod.listeners.echo.tls.server-names.b.example.org is 'other'" })
	void bundlesOfListenersAreThere(String values, String message) {
		assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message);
	}

	@ParameterizedTest
	@CsvSource({ "certificates.A.existingSecret,a", "certificates.a.secret,a", "certificates.a.issuerRef.issuer,a",
			"config.server.ssl.certificate,/x", "config.server.ssl.client-auth,maybe",
			"serviceMonitor.tlsConfig.caFile,/x", "config.echod.admin.x509.principal,dn",
			"config.echod.admin.jwt.operators,x" })
	void schemaRefuses(String key, String value) {
		assertThatThrownBy(() -> Chart.renderWith(key, value))
			.hasMessageContaining("values don't meet the specifications");
	}

}
