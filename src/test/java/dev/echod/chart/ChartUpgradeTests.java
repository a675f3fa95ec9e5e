package dev.echod.chart;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import com.jayway.jsonpath.JsonPath;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import dev.echod.testing.Chart;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A release that is installed and upgraded, with a Kubernetes API that Helm looks things
 * up in.
 */
class ChartUpgradeTests {

	private final Helm helm = new Helm(Chart.FOLDER);

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

	private static String password(KubernetesApi api) {
		return password(api, "operator");
	}

	private static String password(KubernetesApi api, String user) {
		String encoded = JsonPath.read(api.object("/api/v1/namespaces/place/secrets/test-echod-admin").toString(),
				"$.data['%s-password']".formatted(user));
		return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
	}

	private static int replicas(KubernetesApi api) {
		return JsonPath.read(api.object("/apis/apps/v1/namespaces/place/deployments/test-echod").toString(),
				"$.spec.replicas");
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

	@Test
	void notesTellWhereItListensAndHowToReadThePassword() throws Exception {
		try (KubernetesApi api = new KubernetesApi()) {
			assertThat(install(api).getOutput()).contains("echo: test-echod.place:8080",
					"kubectl get secret test-echod-admin --namespace place", "helm test test --namespace place");
		}
	}

}
