package dev.echod;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.jayway.jsonpath.JsonPath;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The chart, with a real Helm, without a cluster.
 */
class ChartTests {

	private static final Path CHART = Path.of("helm/echod");

	private static final String ODD = """
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
			      cat: { port: 7010, concurrency: process }
			    drain: { announce: 500ms, deadline: 2m, closes-per-second: 50 }
			    admin: { viewer: { name: viewer } }
			admin: { operatorPassword: secret, viewerPassword: look }
			service: { type: LoadBalancer, annotations: { a: b } }
			adminService: { enabled: false }
			serviceAccount: { create: false, name: other }
			podDisruptionBudget: { enabled: false }
			networkPolicy: { enabled: true, adminFrom: [{ podSelector: { matchLabels: { app: monitoring } } }] }
			podAnnotations: { c: d }
			podLabels: { e: f }
			nodeSelector: { g: h }
			tolerations: [{ key: dedicated, operator: Exists }]
			topologySpreadConstraints: [{ maxSkew: 2, topologyKey: zone, whenUnsatisfiable: DoNotSchedule }]
			extraEnv: [{ name: JAVA_TOOL_OPTIONS, value: "-Xmx256m" }]
			""";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	private static Map<String, JsonElement> objects(String manifest) {
		Map<String, JsonElement> objects = new LinkedHashMap<>();
		Gson gson = new Gson();
		StreamSupport.stream(new Yaml().loadAll(manifest).spliterator(), false)
			.filter((document) -> document != null)
			.map(gson::toJsonTree)
			.forEach(
					(object) -> objects.put(
							"%s/%s".formatted(object.getAsJsonObject().get("kind").getAsString(),
									object.getAsJsonObject().getAsJsonObject("metadata").get("name").getAsString()),
							object));
		return objects;
	}

	private String render(String values) throws IOException {
		Path file = Files.writeString(this.folder.resolve("values.yaml"), values);
		return new Helm(CHART).template()
			.withKubeVersion("1.29.0")
			.withName("test")
			.withNamespace("place")
			.withValuesFile(file)
			.set("admin.operatorPassword", "secret")
			.call();
	}

	private String renderWith(String key, String value) {
		return new Helm(CHART).template().withKubeVersion("1.29.0").withName("test").set(key, value).call();
	}

	/**
	 * Unknown fields and missing ones fail.
	 */
	private static void validate(JsonElement object) throws IOException {
		switch (object.getAsJsonObject().get("kind").getAsString()) {
			case "ConfigMap" -> V1ConfigMap.validateJsonElement(object);
			case "Deployment" -> V1Deployment.validateJsonElement(object);
			case "NetworkPolicy" -> V1NetworkPolicy.validateJsonElement(object);
			case "PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(object);
			case "Secret" -> V1Secret.validateJsonElement(object);
			case "Service" -> V1Service.validateJsonElement(object);
			case "ServiceAccount" -> V1ServiceAccount.validateJsonElement(object);
			default -> throw new AssertionError("No schema for " + object);
		}
	}

	@SuppressWarnings("TypeParameterUnusedInFormals") // as JsonPath's own
	private static <T> T at(Map<String, JsonElement> objects, String object, String path) {
		JsonElement element = objects.get(object);
		assertThat(element).as("%s in %s", object, objects.keySet()).isNotNull();
		return JsonPath.read(String.valueOf(element), path);
	}

	@Test
	void lintsStrictly() {
		LintResult result = new Helm(CHART).lint().strict().call();
		assertThat(result.isFailed()).as(String.valueOf(result.getMessages())).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", ODD })
	void everyObjectIsValid(String values) throws IOException {
		Map<String, JsonElement> objects = objects(render(values));
		assertThat(objects).hasSizeGreaterThanOrEqualTo(5);
		for (JsonElement object : objects.values()) {
			validate(object);
		}
	}

	@Test
	void whatIsSwitchedOffIsNotThere() throws IOException {
		assertThat(objects(render("{}"))).containsOnlyKeys("PodDisruptionBudget/test-echod",
				"ServiceAccount/test-echod", "Secret/test-echod-admin", "ConfigMap/test-echod",
				"Service/test-echod-admin", "Service/test-echod", "Deployment/test-echod");
		assertThat(objects(render(ODD))).containsOnlyKeys("NetworkPolicy/odd", "Secret/odd-admin", "ConfigMap/odd",
				"Service/odd", "Deployment/odd");
		assertThat(objects(render("admin: { existingSecret: mine }"))).doesNotContainKey("Secret/test-echod-admin");
	}

	@Test
	void eachEnabledListenerHasAPort() throws IOException {
		Map<String, JsonElement> odd = objects(render(ODD));
		List<Integer> ports = List.of(7008, 7010, 7009, 7007);
		assertThat(ChartTests.<List<Integer>>at(odd, "Service/odd", "$.spec.ports[*].port")).isEqualTo(ports);
		List<Integer> containerPorts = new ArrayList<>(ports);
		containerPorts.add(9091);
		assertThat(ChartTests.<List<Integer>>at(odd, "Deployment/odd",
				"$.spec.template.spec.containers[0].ports[*].containerPort"))
			.isEqualTo(containerPorts);
		assertThat(ChartTests.<List<String>>at(odd, "Service/odd", "$.spec.ports[*].name"))
			.allSatisfy((name) -> assertThat(name).hasSizeLessThanOrEqualTo(15).doesNotEndWith("-"));
	}

	@Test
	void gracePeriodFollowsFromTheDrain() throws IOException {
		String path = "$.spec.template.spec.terminationGracePeriodSeconds";
		assertThat(ChartTests.<Integer>at(objects(render("{}")), "Deployment/test-echod", path)).isEqualTo(45);
		assertThat(ChartTests.<Integer>at(objects(render(ODD)), "Deployment/odd", path)).isEqualTo(131);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", ODD })
	void applicationTakesItsConfiguration(String values) throws IOException {
		Map<String, JsonElement> objects = objects(render(values));
		String name = objects.containsKey("ConfigMap/odd") ? "ConfigMap/odd" : "ConfigMap/test-echod";
		String yaml = at(objects, name, "$.data['application.yml']");
		var sources = new YamlPropertySourceLoader().load("chart",
				new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
		EchodProperties properties = new Binder(ConfigurationPropertySources.from(sources), null,
				ApplicationConversionService.getSharedInstance())
			.bind("echod", org.springframework.boot.context.properties.bind.Bindable.of(EchodProperties.class),
					new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
			.get();
		assertThat(properties.listeners()).isNotEmpty();
		assertThat(properties.drain().announce()).isPositive();
	}

	@Test
	void podsAreRestricted() throws IOException {
		Map<String, JsonElement> objects = objects(render("{}"));
		String container = "$.spec.template.spec.containers[0].securityContext.";
		assertThat(ChartTests.<Boolean>at(objects, "Deployment/test-echod", container + "readOnlyRootFilesystem"))
			.isTrue();
		assertThat(ChartTests.<Boolean>at(objects, "Deployment/test-echod", container + "allowPrivilegeEscalation"))
			.isFalse();
		assertThat(ChartTests.<List<String>>at(objects, "Deployment/test-echod", container + "capabilities.drop"))
			.containsExactly("ALL");
		assertThat(ChartTests.<Boolean>at(objects, "Deployment/test-echod",
				"$.spec.template.spec.securityContext.runAsNonRoot"))
			.isTrue();
		assertThat(ChartTests.<Integer>at(objects, "Deployment/test-echod",
				"$.spec.strategy.rollingUpdate.maxUnavailable"))
			.isZero();
	}

	@Test
	void changedConfigurationRollsThePods() throws IOException {
		String path = "$.spec.template.metadata.annotations['checksum/config']";
		String before = at(objects(render("{}")), "Deployment/test-echod", path);
		String after = at(objects(render("config: { echod: { drain: { quiet: 2s } } }")), "Deployment/test-echod",
				path);
		assertThat(after).isNotEqualTo(before);
	}

	@ParameterizedTest
	@CsvSource({ "replicas,3", "replicaCount,-1", "replicaCount,many", "image.pullPolicy,Sometimes",
			"image.repository,''", "service.type,Magic", "service.port,80", "adminService.enabled,maybe",
			"config.server.port,70000", "config.echod.listenerz.echo.port,1", "config.echod.listeners.echo.port,0",
			"config.echod.listeners.Echo.port,8080", "config.echod.drain.deadline,soon",
			"config.echod.drain.deadlin,5s", "config.echod.drain.closes-per-second,-1", "admin.password,x",
			"networkPolicy.adminFrom,x" })
	void schemaRefuses(String key, String value) {
		assertThatThrownBy(() -> renderWith(key, value)).hasMessageContaining("values don't meet the specifications");
	}

	@Test
	void readmeListsEveryValue() throws IOException {
		Map<String, Object> values = new Yaml().load(Files.readString(CHART.resolve("values.yaml")));
		List<String> names = new ArrayList<>();
		values.forEach((name, value) -> {
			if (value instanceof Map<?, ?> some && !some.isEmpty() && !List.of("config", "resources").contains(name)) {
				some.keySet().forEach((key) -> names.add(name + "." + key));
			}
			else {
				names.add(name);
			}
		});
		List<String> rows = Files.readAllLines(CHART.resolve("README.md"))
			.stream()
			.filter((line) -> line.startsWith("| `"))
			.map((line) -> line.substring(3, line.indexOf('`', 3)))
			.toList();
		assertThat(rows).containsExactlyElementsOf(names);
	}

}
