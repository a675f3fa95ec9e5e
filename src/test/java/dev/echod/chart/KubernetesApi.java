package dev.echod.chart;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

/**
 * As much of the Kubernetes API as Helm needs to install and upgrade: it keeps what is
 * sent, and answers with it, but for changes of what is for good. A chart's objects come
 * as JSON; Helm's own secrets, one for each revision of a release, in Kubernetes'
 * protobuf envelope.
 */
final class KubernetesApi implements AutoCloseable {

	private static final String JSON = "application/json";

	private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

	private static final byte[] MAGIC = { 'k', '8', 's', 0 };

	/**
	 * Fields of an envelope (runtime.Unknown), of a list and of an object's metadata that
	 * are byte strings.
	 */
	private static final int TYPE = 1, RAW = 2, ITEMS = 2, METADATA = 1, NAME = 1;

	/**
	 * Those that the chart has, by group and version.
	 */
	private static final Map<String, List<String>> KINDS = Map.of("v1",
			List.of("secrets/Secret", "services/Service", "configmaps/ConfigMap", "serviceaccounts/ServiceAccount"),
			"apps/v1", List.of("deployments/Deployment"), "policy/v1",
			List.of("poddisruptionbudgets/PodDisruptionBudget"), "autoscaling/v2",
			List.of("horizontalpodautoscalers/HorizontalPodAutoscaler"), "networking.k8s.io/v1",
			List.of("networkpolicies/NetworkPolicy"), "monitoring.coreos.com/v1",
			List.of("podmonitors/PodMonitor", "servicemonitors/ServiceMonitor"), "gateway.networking.k8s.io/v1alpha2",
			List.of("tcproutes/TCPRoute"));

	private final Map<String, JsonObject> objects = new ConcurrentSkipListMap<>();

	private final Map<String, byte[]> releases = new ConcurrentSkipListMap<>();

	private final HttpServer server;

	KubernetesApi() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", (exchange) -> {
			try (exchange) {
				answer(exchange);
			}
		});
		this.server.start();
	}

	/**
	 * What tells Helm where it is.
	 */
	String kubeConfig() {
		return """
				apiVersion: v1
				kind: Config
				clusters: [{ name: test, cluster: { server: "http://127.0.0.1:%d" } }]
				users: [{ name: test, user: {} }]
				contexts: [{ name: test, context: { cluster: test, user: test } }]
				current-context: test
				""".formatted(this.server.getAddress().getPort());
	}

	/**
	 * The object at a path such as {@code /api/v1/namespaces/place/secrets/name}.
	 */
	JsonObject object(String path) {
		JsonObject object = this.objects.get(path);
		if (object == null) {
			throw new AssertionError("No %s in %s".formatted(path, this.objects.keySet()));
		}
		return object;
	}

	/**
	 * The paths of all objects.
	 */
	Set<String> paths() {
		return this.objects.keySet();
	}

	private void answer(HttpExchange exchange) throws IOException {
		String path = exchange.getRequestURI().getPath();
		byte[] body = exchange.getRequestBody().readAllBytes();
		String method = exchange.getRequestMethod();
		if (method.equals("GET")) {
			get(exchange, path);
		}
		else if (PROTOBUF.equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
			byte[] secret = field(Arrays.copyOfRange(body, MAGIC.length, body.length), RAW);
			String name = new String(field(field(secret, METADATA), NAME), StandardCharsets.UTF_8);
			this.releases.put(name, secret);
			send(exchange, 200, PROTOBUF, body);
		}
		else {
			JsonObject object = JsonParser.parseString(new String(body, StandardCharsets.UTF_8)).getAsJsonObject();
			if (method.equals("PATCH")) {
				patch(exchange, path, object);
				return;
			}
			switch (method) {
				case "POST" ->
					this.objects.put(path + "/" + object.getAsJsonObject("metadata").get("name").getAsString(), object);
				case "DELETE" -> object = Objects.requireNonNull(this.objects.remove(path), path);
				default -> throw new AssertionError(method);
			}
			send(exchange, 200, object);
		}
	}

	private void patch(HttpExchange exchange, String path, JsonObject patch) throws IOException {
		JsonObject changed = merge(object(path).deepCopy(), patch);
		if (forGood(path, changed).equals(forGood(path, object(path)))) {
			this.objects.put(path, changed);
			send(exchange, 200, changed);
		}
		else {
			send(exchange, 422, JsonParser.parseString("{kind: Status, apiVersion: v1, status: Failure, "
					+ "reason: Invalid, code: 422, message: 'field is immutable'}"));
		}
	}

	/**
	 * What may never change of an object. A cluster's own family is that of a service
	 * that names none.
	 */
	private static List<JsonElement> forGood(String path, JsonObject object) {
		JsonObject spec = object.getAsJsonObject("spec");
		if (path.contains("/deployments/")) {
			return List.of(spec.get("selector"));
		}
		if (path.contains("/services/")) {
			JsonElement families = spec.get("ipFamilies");
			return List.of((families != null) ? families.getAsJsonArray().get(0) : new JsonPrimitive("IPv4"),
					Objects.requireNonNullElse(spec.get("clusterIP"), JsonNull.INSTANCE));
		}
		return List.of();
	}

	private void get(HttpExchange exchange, String path) throws IOException {
		JsonObject object = this.objects.get(path);
		String discovered = discovery(path);
		if (object != null) {
			send(exchange, 200, object);
		}
		else if (discovered != null) {
			send(exchange, 200, JsonParser.parseString(discovered));
		}
		else if (path.endsWith("/secrets")) {
			send(exchange, 200, PROTOBUF, releaseList());
		}
		else {
			send(exchange, 404, JsonParser
				.parseString("{kind: Status, apiVersion: v1, status: Failure, reason: NotFound, code: 404}"));
		}
	}

	private static @Nullable String discovery(String path) {
		return switch (path) {
			case "/version" -> "{major: '1', minor: '29', gitVersion: v1.29.0}";
			case "/api" -> "{kind: APIVersions, versions: [v1]}";
			case "/apis" -> KINDS.keySet()
				.stream()
				.filter((version) -> version.contains("/"))
				.map(KubernetesApi::group)
				.collect(Collectors.joining(",", "{kind: APIGroupList, apiVersion: v1, groups: [", "]}"));
			default -> {
				String version = path.replaceFirst("^/apis?/", "");
				List<String> kinds = KINDS.get(version);
				yield (kinds != null) ? resources(version, kinds) : null;
			}
		};
	}

	private static String group(String groupVersion) {
		String[] names = groupVersion.split("/", 2);
		String version = "{groupVersion: '%s', version: %s}".formatted(groupVersion, names[1]);
		return "{name: %s, versions: [%s], preferredVersion: %s}".formatted(names[0], version, version);
	}

	private static String resources(String version, List<String> kinds) {
		return kinds.stream()
			.map((kind) -> kind.split("/", 2))
			.map((names) -> "{name: %s, singularName: '', namespaced: true, kind: %s, verbs: [create, get, patch, delete]}"
				.formatted(names[0], names[1]))
			.collect(Collectors.joining(",",
					"{kind: APIResourceList, groupVersion: '%s', resources: [".formatted(version), "]}"));
	}

	/**
	 * What a patch has no value for is removed. Lists are replaced, so that directives
	 * how to merge them are left out.
	 */
	private static JsonObject merge(JsonObject object, JsonObject patch) {
		patch.entrySet().stream().filter((entry) -> !entry.getKey().startsWith("$")).forEach((entry) -> {
			JsonElement old = object.get(entry.getKey());
			JsonElement value = entry.getValue();
			if (value.isJsonNull()) {
				object.remove(entry.getKey());
			}
			else if (old instanceof JsonObject && value instanceof JsonObject) {
				merge(old.getAsJsonObject(), value.getAsJsonObject());
			}
			else {
				object.add(entry.getKey(), value);
			}
		});
		return object;
	}

	/**
	 * All releases, which are those of the one that a test installs.
	 */
	private byte[] releaseList() throws IOException {
		ByteArrayOutputStream type = new ByteArrayOutputStream();
		writeField(type, 1, "v1".getBytes(StandardCharsets.UTF_8));
		writeField(type, 2, "SecretList".getBytes(StandardCharsets.UTF_8));
		ByteArrayOutputStream list = new ByteArrayOutputStream();
		writeField(list, METADATA, new byte[0]);
		for (byte[] secret : this.releases.values()) {
			writeField(list, ITEMS, secret);
		}
		ByteArrayOutputStream envelope = new ByteArrayOutputStream();
		envelope.write(MAGIC);
		writeField(envelope, TYPE, type.toByteArray());
		writeField(envelope, RAW, list.toByteArray());
		return envelope.toByteArray();
	}

	private static void writeField(ByteArrayOutputStream message, int number, byte[] value) {
		message.write((number << 3) | 2);
		int length = value.length;
		for (; length > 127; length >>>= 7) {
			message.write((length & 127) | 128);
		}
		message.write(length);
		message.writeBytes(value);
	}

	/**
	 * The first byte string with this number, of a message that begins with byte strings.
	 */
	private static byte[] field(byte[] message, int number) {
		ByteBuffer buffer = ByteBuffer.wrap(message);
		while (true) {
			int tag = buffer.get();
			int length = 0;
			int shift = 0;
			byte next;
			do {
				next = buffer.get();
				length |= (next & 127) << shift;
				shift += 7;
			}
			while (next < 0);
			byte[] value = new byte[length];
			buffer.get(value);
			if (tag == ((number << 3) | 2)) {
				return value;
			}
		}
	}

	private static void send(HttpExchange exchange, int status, JsonElement body) throws IOException {
		send(exchange, status, JSON, body.toString().getBytes(StandardCharsets.UTF_8));
	}

	private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
		exchange.getResponseHeaders().set("Content-Type", type);
		exchange.sendResponseHeaders(status, body.length);
		exchange.getResponseBody().write(body);
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
