package dev.echod.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.jayway.jsonpath.JsonPath;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The chart's objects as a real Helm renders them for the release {@code test} in the
 * namespace {@code place}. There is no cluster: the passwords are given, so that Helm
 * looks for none.
 */
public final class Chart {

	public static final Path FOLDER = Path.of("helm/echod");

	/**
	 * Switches everything on that can be.
	 */
	public static final String EVERYTHING = """
			autoscaling: { enabled: true, targetConnections: 1000 }
			networkPolicy: { enabled: true, adminFrom: [{ podSelector: { matchLabels: { app: monitoring } } }] }
			serviceMonitor: { enabled: true }
			prometheusRule: { enabled: true }
			dashboard: { enabled: true }
			""";

	private static final Pattern SERIES = Pattern.compile("(\\w+)\\{");

	private final Map<String, JsonObject> objects;

	private Chart(Map<String, JsonObject> objects) {
		this.objects = objects;
	}

	/**
	 * Renders the chart with these values, as YAML.
	 */
	public static Chart render(String values) {
		Path file = writeTemporary(values);
		try {
			return new Chart(objects(template(FOLDER).withValuesFile(file).call()));
		}
		finally {
			delete(file);
		}
	}

	/**
	 * Renders the chart with a file of its own.
	 */
	public static Chart renderFile(String name) {
		return new Chart(objects(template(FOLDER).withValuesFile(FOLDER.resolve(name)).call()));
	}

	/**
	 * Renders the chart with one value changed.
	 */
	public static Chart renderWith(String key, Object value) {
		return new Chart(objects(template(FOLDER).set(key, value).call()));
	}

	/**
	 * Renders the pods of {@code helm test}. Helm's library leaves hooks out, so they are
	 * rendered as if they were none.
	 */
	public static Chart renderTests(String values, Path folder) throws IOException {
		Path probe = copy(values, folder).resolve("templates/tests/probe.yaml");
		String template = Files.readString(probe);
		assertThat(template).contains("helm.sh/hook: test");
		Files.writeString(probe, template.replace("helm.sh/hook: test", "hook: test"));
		Map<String, JsonObject> objects = objects(template(folder).call());
		objects.keySet().removeIf((name) -> !name.startsWith("Pod/"));
		return new Chart(objects);
	}

	/**
	 * Copies the chart, with these values over its own.
	 * @return the folder
	 */
	public static Path copy(String values, Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(FOLDER)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				Path copy = folder.resolve(FOLDER.relativize(file));
				Files.createDirectories(copy.getParent());
				Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
			}
		}
		Path file = folder.resolve("values.yaml");
		Yaml yaml = new Yaml();
		Files.writeString(file, yaml.dump(merge(yaml.load(Files.readString(file)), yaml.load(values))));
		return folder;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> merge(Map<String, Object> values, Map<String, Object> over) {
		over.forEach((key, value) -> values.compute(key, (name, old) -> (old instanceof Map && value instanceof Map)
				? merge((Map<String, Object>) old, (Map<String, Object>) value) : value));
		return values;
	}

	private static TemplateCommand template(Path chart) {
		return new Helm(chart).template()
			.withKubeVersion("1.29.0")
			.withName("test")
			.withNamespace("place")
			.set("admin.operatorPassword", "secret")
			.set("admin.viewerPassword", "look");
	}

	private static Path writeTemporary(String values) {
		try {
			return Files.writeString(Files.createTempFile("values", ".yaml"), values);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void delete(Path file) {
		try {
			Files.delete(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Map<String, JsonObject> objects(String manifest) {
		Map<String, JsonObject> objects = new LinkedHashMap<>();
		Gson gson = new Gson();
		StreamSupport.stream(new Yaml().loadAll(manifest).spliterator(), false)
			.filter((document) -> document != null)
			.map((document) -> gson.toJsonTree(document).getAsJsonObject())
			.forEach((object) -> {
				String name = "%s/%s".formatted(object.get("kind").getAsString(),
						object.getAsJsonObject("metadata").get("name").getAsString());
				assertThat(objects.put(name, object)).as(name).isNull();
			});
		return objects;
	}

	/**
	 * The objects, by kind and name such as {@code Service/test-echod}.
	 */
	public Map<String, JsonObject> objects() {
		return this.objects;
	}

	/**
	 * What is at this place of an object.
	 */
	@SuppressWarnings("TypeParameterUnusedInFormals") // as JsonPath's own
	public <T> T at(String object, String path) {
		JsonElement element = this.objects.get(object);
		assertThat(element).as("%s in %s", object, this.objects.keySet()).isNotNull();
		return JsonPath.read(String.valueOf(element), path);
	}

	/**
	 * The expressions of the rules' alerts and of the dashboard's panels.
	 */
	public List<String> expressions() {
		List<String> rules = at("PrometheusRule/test-echod", "$.spec.groups[*].rules[*].expr");
		String dashboard = at("ConfigMap/test-echod-dashboard", "$.data['echod.json']");
		List<String> panels = JsonPath.read(dashboard, "$.panels[*].targets[*].expr");
		return Stream.concat(rules.stream(), panels.stream()).toList();
	}

	/**
	 * The names that the expressions and the autoscaler ask for.
	 */
	public List<String> meters() {
		List<String> scaledBy = at("HorizontalPodAutoscaler/test-echod", "$.spec.metrics[*].pods.metric.name");
		Stream<String> asked = expressions().stream()
			.flatMap((expression) -> SERIES.matcher(expression).results())
			.map((found) -> found.group(1))
			// Prometheus makes it itself.
			.filter((name) -> !name.equals("up"));
		return Stream.concat(scaledBy.stream(), asked).distinct().toList();
	}

}
