package dev.echod.chart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.jayway.jsonpath.JsonPath;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import dev.echod.testing.Chart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A release that is installed and upgraded, with a Kubernetes API that Helm looks things
 * up in.
 */
class ChartUpgradeTests {

	private static final String SERVICE = "/api/v1/namespaces/place/services/test-echod";

	private static final String DEPLOYMENT = "/apis/apps/v1/namespaces/place/deployments/test-echod";

	private final Helm helm = new Helm(Chart.FOLDER);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	private Release install(KubernetesApi api) {
		return this.helm.install()
			.withKubeConfigContents(api.kubeConfig())
			.disableOpenApiValidation()
			.withNamespace("place")
			.withName("test")
			.call();
	}

	private Release upgrade(KubernetesApi api, String key, Object value) {
		return this.helm.upgrade()
			.withKubeConfigContents(api.kubeConfig())
			.disableOpenApiValidation()
			.withNamespace("place")
			.withName("test")
			.set(key, value)
			.call();
	}

	private void upgradeWith(KubernetesApi api, String values) throws IOException {
		Path file = Files.writeString(this.folder.resolve("values.yaml"), values);
		this.helm.upgrade()
			.withKubeConfigContents(api.kubeConfig())
			.disableOpenApiValidation()
			.withNamespace("place")
			.withName("test")
			.resetValues()
			.withValuesFile(file)
			.call();
	}

	private static String password(KubernetesApi api) {
		return password(api, "operator");
	}

	private static String password(KubernetesApi api, String user) {
		String encoded = JsonPath.read(api.object("/api/v1/namespaces/place/secrets/test-echod-admin").toString(),
				"$.data['%s-password']".formatted(user));
		return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
	}

	private static int replicas(KubernetesApi api) {
		return JsonPath.read(api.object(DEPLOYMENT).toString(), "$.spec.replicas");
	}

	private static JsonObject spec(KubernetesApi api, String path) {
		return api.object(path).getAsJsonObject("spec");
	}

	private static JsonObject pod(KubernetesApi api) {
		return spec(api, DEPLOYMENT).getAsJsonObject("template").getAsJsonObject("spec");
	}

	@Test
	void upgradeKeepsTheGeneratedPassword() throws Exception {
		try (KubernetesApi api = new KubernetesApi()) {
			assertThat(install(api).getStatus()).isEqualTo("deployed");
			String password = password(api);
			assertThat(password).matches("[A-Za-z0-9]{32}");
			Release upgraded = upgrade(api, "replicaCount", 3);
			assertThat(upgraded.getRevision()).isEqualTo("2");
			assertThat(replicas(api)).isEqualTo(3);
			assertThat(password(api)).isEqualTo(password);
		}
	}

	@Test
	void viewerOfAnUpgradeGetsAPasswordThatIsKept() throws Exception {
		try (KubernetesApi api = new KubernetesApi()) {
			install(api);
			String operator = password(api);
			upgrade(api, "config.echod.admin.viewer.name", "viewer");
			String viewer = password(api, "viewer");
			assertThat(viewer).matches("[A-Za-z0-9]{32}").isNotEqualTo(operator);
			upgrade(api, "config.echod.admin.viewer.name", "viewer");
			assertThat(password(api, "viewer")).isEqualTo(viewer);
			assertThat(password(api)).isEqualTo(operator);
		}
	}

	@Test
	void upgradeTakesThePasswordGiven() throws Exception {
		try (KubernetesApi api = new KubernetesApi()) {
			install(api);
			upgrade(api, "admin.operatorPassword", "chosen");
			assertThat(password(api)).isEqualTo("chosen");
		}
	}

	@ParameterizedTest
	@MethodSource("dev.echod.chart.Overrides#all")
	void overridesComeAndGoByUpgrades(String values) throws Exception {
		try (KubernetesApi api = new KubernetesApi()) {
			install(api);
			Set<String> paths = Set.copyOf(api.paths());
			Set<String> service = Set.copyOf(spec(api, SERVICE).keySet());
			Set<String> pod = Set.copyOf(pod(api).keySet());
			JsonElement selected = spec(api, DEPLOYMENT).get("selector").deepCopy();
			upgradeWith(api, values);
			assertThat(spec(api, DEPLOYMENT).get("selector")).isEqualTo(selected);
			assertThat(spec(api, SERVICE).has("clusterIP")).isFalse();
			assertThat(api.paths()).containsAll(paths).hasSizeGreaterThan(paths.size());
			upgradeWith(api, "{}");
			assertThat(spec(api, DEPLOYMENT).get("selector")).isEqualTo(selected);
			assertThat(api.paths()).isEqualTo(paths);
			assertThat(spec(api, SERVICE).keySet()).isEqualTo(service);
			assertThat(pod(api).keySet()).isEqualTo(pod);
		}
	}

	/**
	 * So that the upgrades above would fail if they did.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "{ nameOverride: other, fullnameOverride: test-echod }", """
			config: { echod: { listeners: { echo: { address: "::" } } } }
			service: { ipFamilyPolicy: PreferDualStack, ipFamilies: [IPv6, IPv4] }
			""" })
	void kubernetesRefusesToChangeWhatIsForGood(String values) throws Exception {
		try (KubernetesApi api = new KubernetesApi()) {
			install(api);
			assertThatThrownBy(() -> upgradeWith(api, values)).hasMessageContaining("field is immutable");
		}
	}

	@Test
	void notesTellWhereItListensAndHowToReadThePassword() throws Exception {
		try (KubernetesApi api = new KubernetesApi()) {
			assertThat(install(api).getOutput()).contains("echo: test-echod.place:8080",
					"kubectl get secret test-echod-admin --namespace place", "helm test test --namespace place");
		}
	}

}
