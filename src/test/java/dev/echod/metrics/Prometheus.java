package dev.echod.metrics;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import dev.echod.testing.Balancer;
import dev.echod.testing.Needs;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real Prometheus on loopback that scrapes a service every second, as the pod {@code p}
 * of the release {@code test} in the namespace {@code place}.
 */
final class Prometheus implements AutoCloseable {

	private final HttpClient http = HttpClient.newHttpClient();

	private final Process process;

	private final String base;

	/**
	 * Starts it.
	 * @param folder where it has its files
	 * @param adminPort of the service
	 * @param rules a file of rules, which it evaluates every second
	 */
	Prometheus(Path folder, int adminPort, Path rules) throws Exception {
		Needs.program("prometheus");
		Path configuration = Files.writeString(folder.resolve("prometheus.yml"), """
				global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
				rule_files: [%s]
				scrape_configs:
				  - job_name: test-echod-admin
				    metrics_path: /actuator/prometheus
				    static_configs:
				      - targets: ['127.0.0.1:%d']
				        labels: { namespace: place, pod: p }
				""".formatted(rules, adminPort));
		int port = Balancer.freePorts(1).getFirst();
		this.base = "http://127.0.0.1:%d".formatted(port);
		this.process = new ProcessBuilder("prometheus", "--config.file=" + configuration,
				"--storage.tsdb.path=" + folder.resolve("data"), "--web.listen-address=127.0.0.1:" + port)
			.redirectErrorStream(true)
			.redirectOutput(folder.resolve("prometheus.log").toFile())
			.start();
	}

	boolean isReady() throws InterruptedException {
		assertThat(this.process.isAlive()).isTrue();
		try {
			return get("/-/ready").statusCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * What an expression gives now; an expression that is none fails.
	 */
	List<Map<String, Object>> query(String expression) throws IOException, InterruptedException {
		return read("/api/v1/query?query=" + encode(expression), "$.data.result");
	}

	/**
	 * The names of all series.
	 */
	List<String> names() throws IOException, InterruptedException {
		return read("/api/v1/label/__name__/values", "$.data");
	}

	/**
	 * The values that a label has in these series.
	 */
	List<String> labelValues(String series, String label) throws IOException, InterruptedException {
		return read("/api/v1/label/%s/values?match[]=%s".formatted(label, encode(series)).replace("[]", "%5B%5D"),
				"$.data");
	}

	/**
	 * How the last evaluation of each alert went, by its name.
	 */
	List<Map<String, Object>> alerts() throws IOException, InterruptedException {
		return read("/api/v1/rules?type=alert", "$.data.groups[*].rules[*]");
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	@SuppressWarnings("TypeParameterUnusedInFormals") // as JsonPath's own
	private <T> T read(String path, String jsonPath) throws IOException, InterruptedException {
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
		return JsonPath.read(response.body(), jsonPath);
	}

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return this.http.send(HttpRequest.newBuilder(URI.create(this.base + path)).build(),
				HttpResponse.BodyHandlers.ofString());
	}

	@Override
	public void close() {
		this.process.destroy();
		this.process.onExit().join();
		this.http.close();
	}

}
