package dev.echod.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

import javax.net.ssl.SSLContext;

import com.jayway.jsonpath.JsonPath;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls the admin API of a started service.
 */
public final class AdminClient implements AutoCloseable {

	public static final String OPERATOR = "operator:secret";

	public static final String VIEWER = "viewer:look";

	public static final String NOBODY = "";

	/**
	 * The arguments that make the service know them.
	 */
	static final String[] USERS = { "--echod.admin.operator.password=secret", "--echod.admin.viewer.name=viewer",
			"--echod.admin.viewer.password=look" };

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final HttpClient http;

	private final String base;

	public AdminClient(int port) {
		this(HttpClient.newHttpClient(), port, "/actuator/");
	}

	private AdminClient(HttpClient http, int port, String path) {
		this(http, "http://127.0.0.1:%d%s".formatted(port, path));
	}

	private AdminClient(HttpClient http, String base) {
		this.http = http;
		this.base = base;
	}

	/**
	 * A client that comes by TLS.
	 */
	public static AdminClient secure(SSLContext tls, int port) {
		return new AdminClient(HttpClient.newBuilder().sslContext(tls).build(),
				"https://127.0.0.1:%d/actuator/".formatted(port));
	}

	/**
	 * One of the root path that comes by TLS.
	 */
	public static AdminClient secureRoot(SSLContext tls, int port) {
		return new AdminClient(HttpClient.newBuilder().sslContext(tls).build(),
				"https://127.0.0.1:%d/".formatted(port));
	}

	/**
	 * A client that comes from another address of this machine, such as 127.0.0.2.
	 */
	public static AdminClient from(String source, int port) {
		return new AdminClient(HttpClient.newBuilder().localAddress(InetAddress.ofLiteral(source)).build(), port,
				"/actuator/");
	}

	/**
	 * A client of the endpoints where they are under another path, such as {@code /} or
	 * {@code /manage/}.
	 */
	public static AdminClient under(String path, int port) {
		return new AdminClient(HttpClient.newHttpClient(), port, path);
	}

	/**
	 * One of the root path that comes from another address of this machine.
	 */
	public static AdminClient ofRootFrom(String source, int port) {
		return new AdminClient(HttpClient.newBuilder().localAddress(InetAddress.ofLiteral(source)).build(), port, "/");
	}

	/**
	 * Calls an endpoint with the credentials given, and with pairs of headers.
	 */
	public HttpResponse<String> call(String credentials, String method, String path, String body, String... headers)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.base + path))
			.timeout(TIMEOUT)
			.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
		if (!credentials.isEmpty()) {
			request.header("Authorization",
					"Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
		}
		if (!body.isEmpty()) {
			request.header("Content-Type", "application/json");
		}
		for (int i = 0; i < headers.length; i += 2) {
			request.setHeader(headers[i], headers[i + 1]);
		}
		return this.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	/**
	 * What the viewer reads at this place of the answer.
	 */
	@SuppressWarnings("TypeParameterUnusedInFormals") // as JsonPath's own
	public <T> T read(String path, String jsonPath) throws IOException, InterruptedException {
		HttpResponse<String> response = call(VIEWER, "GET", path, "");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return JsonPath.read(response.body(), jsonPath);
	}

	/**
	 * The value of a series in the Prometheus text.
	 */
	public double meter(String series) throws IOException, InterruptedException {
		return call(NOBODY, "GET", "prometheus", "").body()
			.lines()
			.filter((line) -> line.startsWith(series + " "))
			.mapToDouble((line) -> Double.parseDouble(line.substring(series.length() + 1)))
			.findFirst()
			.orElseThrow();
	}

	@Override
	public void close() {
		this.http.close();
	}

}
