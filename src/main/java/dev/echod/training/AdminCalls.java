package dev.echod.training;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * What operators, Kubernetes and Prometheus ask of the admin API.
 *
 * @param credentials name and password, with a colon between them
 */
record AdminCalls(int port, String credentials) {

	private static final List<String> READ = List.of("health", "health/liveness", "health/readiness", "prometheus",
			"metrics", "metrics/echod.connections.active", "info", "listeners", "listeners/echo",
			"connections?sort=openedAt&limit=100", "connections?listener=echo&state=open",
			"closedconnections?limit=100", "bulkclose", "drain", "auditevents", "loggers", "loggers/dev.echod");

	private static final int TIMEOUT_MILLIS = 30_000;

	/**
	 * Reads what there is to read.
	 */
	void readAll() throws IOException {
		for (String path : READ) {
			expect(200, "GET", path, "");
		}
	}

	/**
	 * Changes what does no harm, and is refused what is wrong.
	 */
	void change(int echoPort) throws IOException {
		expect(200, "POST", "probe", "{\"host\":\"127.0.0.1\",\"port\":%d,\"count\":10}".formatted(echoPort));
		expect(200, "POST", "listeners/echo", "{\"state\":\"PAUSED\"}");
		expect(200, "POST", "listeners/echo", "{\"state\":\"ACCEPTING\"}");
		expect(400, "GET", "connections?no-such-parameter=1", "");
		expect(404, "GET", "connections/echo-0", "");
	}

	/**
	 * Drains the service.
	 */
	void drain() throws IOException, InterruptedException {
		expect(202, "POST", "drain", "{\"quiet\":\"0s\",\"deadline\":\"5s\",\"reason\":\"training\"}");
		while (!expect(200, "GET", "drain", "").contains("\"state\":\"DRAINED\"")) {
			Thread.sleep(10);
		}
	}

	private String expect(int status, String method, String path, String body) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) URI
			.create("http://127.0.0.1:%d/actuator/%s".formatted(this.port, path))
			.toURL()
			.openConnection();
		connection.setConnectTimeout(TIMEOUT_MILLIS);
		connection.setReadTimeout(TIMEOUT_MILLIS);
		connection.setRequestMethod(method);
		connection.setRequestProperty("Authorization",
				"Basic " + Base64.getEncoder().encodeToString(this.credentials.getBytes(StandardCharsets.UTF_8)));
		if (!body.isEmpty()) {
			connection.setDoOutput(true);
			connection.setRequestProperty("Content-Type", "application/json");
			connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
		}
		int answered = connection.getResponseCode();
		try (InputStream input = Objects
			.requireNonNull((answered < 400) ? connection.getInputStream() : connection.getErrorStream(), path)) {
			String answer = new String(input.readAllBytes(), StandardCharsets.UTF_8);
			if (answered != status) {
				throw new IOException("%s %s was answered with %d: %s".formatted(method, path, answered, answer));
			}
			return answer;
		}
	}

}
