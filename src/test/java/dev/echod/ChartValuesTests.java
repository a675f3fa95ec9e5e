package dev.echod;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import com.jayway.jsonpath.JsonPath;
import dev.echod.admin.AdminProperties;
import dev.echod.connection.ClosedConnectionsProperties;
import dev.echod.drain.DrainProperties;
import dev.echod.listener.ListenerProperties;
import dev.echod.proxy.ProxyProtocol;
import dev.echod.service.RelayProperties;
import dev.echod.testing.Chart;
import dev.echod.tls.TlsProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The chart's values: what its schema allows is what the application takes.
 */
class ChartValuesTests {

	private static final String LISTENERS = """
			certificates: { out: { trustSecret: b }, web: { existingSecret: a, trustSecret: b }, names: { existingSecret: c } }
			config:
			  echod:
			    transport: epoll
			    event-loops: 2
			    listeners:
			      lines: { port: 7007, framing: lf, max-frame: 64KB, limits: { connections: 1000, connections-per-address: 10, accepts-per-second: 500, read-bytes-per-second: 1MB, write-bytes-per-second: 2MB, idle: 10m, max-age: 24h, write-stall: 5s }, keep-alive: { idle: 1m, interval: 10s, count: 3 }, user-timeout: 90s, send-buffer: 64KB, traffic-class: 40 }
			      relayed: { port: 7008, framing: crlf, service: relay, relay: { host: other, port: 7, connections: 2, tls: { bundle: out } } }
			      cat: { port: 7009, concurrency: process, command: [cat, -u], processes: 10 }
			      secured: { port: 7011, tls: { bundle: web, client-auth: need, server-names: { a.example.org: names, "[*.example.org]": names } } }
			      inner: { port: 7010, access: { allow: [10.0.0.0/8, "2001:db8::/32"], deny: [10.9.9.9] } }
			      proxied: { port: 7012, proxy-protocol: { mode: required, trusted: [10.0.0.0/8] } }
			      plain: { port: 7013, proxy-protocol: { mode: off } }
			    access-log: off
			    closed-connections: { count: 500, age: 10m }
			    drain: { announce: 500ms, quiet: 2s, deadline: 2m, closes-per-second: 50 }
			    admin: { viewer: { name: viewer } }
			""";

	private static final String LISTENER = "config.echod.listeners.echo.";

	@ParameterizedTest
	@ValueSource(strings = { "{}", LISTENERS })
	void applicationTakesItsConfiguration(String values) throws IOException {
		EchodProperties properties = bind(values);
		assertThat(properties.listeners()).containsKey("echo").hasSize(values.equals("{}") ? 1 : 8);
		assertThat(properties.drain().announce()).isPositive();
	}

	private static EchodProperties bind(String values) throws IOException {
		String yaml = Chart.render(values).at("ConfigMap/test-echod", "$.data['application.yml']");
		List<PropertySource<?>> sources = new ArrayList<>(new YamlPropertySourceLoader().load("chart",
				new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8))));
		// As the pods' environment.
		sources.add(new MapPropertySource("secret", Map.of("echod.admin.viewer.password", "look")));
		return new Binder(ConfigurationPropertySources.from(sources), null,
				ApplicationConversionService.getSharedInstance())
			.bind("echod", Bindable.of(EchodProperties.class), new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
			.get();
	}

	@Test
	void namesOfHostsAreTakenAsTheyAre() throws IOException {
		assertThat(Objects.requireNonNull(bind(LISTENERS).listeners().get("secured")).tls().serverNames())
			.isEqualTo(Map.of("a.example.org", "names", "*.example.org", "names"));
	}

	@Test
	void schemaNamesWhatTheApplicationHas() throws IOException {
		assertNames("", EchodProperties.class);
		assertNames(".closed-connections", ClosedConnectionsProperties.class);
		assertNames(".drain", DrainProperties.class);
		assertNames(".admin", AdminProperties.class);
		assertNames(".admin.properties.x509", AdminProperties.X509.class);
		assertNames(".admin.properties.jwt", AdminProperties.Jwt.class);
		assertNames(".listeners.additionalProperties", ListenerProperties.class);
		assertNames(".listeners.additionalProperties.properties.relay", RelayProperties.class);
		assertNames(".listeners.additionalProperties.properties.relay.properties.tls", RelayProperties.Tls.class);
		assertNames(".listeners.additionalProperties.properties.tls", TlsProperties.class);
		assertNames(".listeners.additionalProperties.properties.proxy-protocol", ProxyProtocol.class);
		assertNames(".listeners.additionalProperties.properties.access", ListenerProperties.Access.class);
		assertNames(".listeners.additionalProperties.properties.keep-alive", ListenerProperties.KeepAlive.class);
		assertNames(".listeners.additionalProperties.properties.limits", ListenerProperties.Limits.class);
	}

	/**
	 * The schema's names at a place, and the constants of those that are an enum, are
	 * those of the record.
	 */
	private static void assertNames(String place, Class<? extends Record> type) throws IOException {
		String schema = Files.readString(Chart.FOLDER.resolve("values.schema.json"));
		String path = "$.properties.config.properties.echod" + place.replaceFirst("^[.]", ".properties.");
		assertThat(JsonPath.<Boolean>read(schema, path + ".additionalProperties")).isFalse();
		Map<String, Map<String, Object>> properties = JsonPath.read(schema, path + ".properties");
		RecordComponent[] components = type.getRecordComponents();
		assertThat(properties.keySet()).containsExactlyInAnyOrderElementsOf(
				Arrays.stream(components).map((component) -> dashed(component.getName())).toList());
		for (RecordComponent component : components) {
			if (component.getType().isEnum()) {
				List<Object> constants = Arrays.stream(component.getType().getEnumConstants())
					.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
					.collect(Collectors.toCollection(ArrayList::new));
				if (constants.contains("off")) {
					// In YAML it is no text.
					constants.add(false);
				}
				assertThat(properties.get(dashed(component.getName()))).containsEntry("enum", constants);
			}
		}
	}

	private static String dashed(String camelCase) {
		return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	@ParameterizedTest
	@CsvSource({ "replicas,3", "replicaCount,-1", "replicaCount,many", "image.pullPolicy,Sometimes",
			"image.repository,''", "image.name,x", "imagePullSecrets,x", "service.type,Magic", "service.port,80",
			"service.annotations.a,1", "adminService.enabled,maybe", "serviceAccount.token,x", "admin.password,x",
			"terminationGracePeriodSeconds,-1", "terminationGracePeriodSeconds,1m", "autoscaling.minReplicas,0",
			"autoscaling.maxReplicas,x", "autoscaling.targetCPU,50", "autoscaling.targetConnections,-1",
			"podDisruptionBudget.maxUnavailable,half", "podDisruptionBudget.maxUnavailable,-1",
			"podDisruptionBudget.minAvailable,most", "networkPolicy.adminFrom,x", "serviceMonitor.interval,often",
			"serviceMonitor.path,x", "prometheusRule.enabled,x", "dashboard.enable,true", "resources.request.cpu,1",
			"podLabels.a,1", "tolerations,x", "extraEnv,x", "config.ecod.x,1", "config.server.port,70000",
			"config.echod.listenerz.echo.port,1", "config.echod.listeners.Echo.port,8080",
			"config.echod.transport,magic", "config.echod.event-loops,-1", "config.echod.drain.deadline,soon",
			"config.echod.drain.deadlin,5s", "config.echod.closed-connections.count,-1",
			"config.echod.closed-connections.count,100001", "config.echod.closed-connections.age,long",
			"config.echod.drain.closes-per-second,-1", "config.echod.admin.viewer.nam,x",
			"config.echod.admin.viewer.password,look", "config.server.address,127.0.0.1",
			"config.server.ssl\\.bundle,mine", "config.management.server.port,9000",
			"config.management.server\\.port,9000", "config.management.endpoints.web.base-path,/manage",
			"config.management.endpoints.web.basePath,/manage", "config.management.endpoints.web\\.base-path,/manage",
			"config.management.endpoints.web.path-mapping.health,up", "config.spring.webflux.base-path,/echod",
			"config.spring.webflux\\.base-path,/echod", "config.echod.drain.announce,010s",
			"config.echod.event-loops,5000", "extraEnv[0].value,5", LISTENER + "address,127.0.0.1", LISTENER + "port,0",
			LISTENER + "prot,1", LISTENER + "enabled,maybe", LISTENER + "concurrency,threads",
			LISTENER + "framing,line", LISTENER + "backlog,0", LISTENER + "read-buffer,64", LISTENER + "max-frame,big",
			LISTENER + "threads,green", LISTENER + "command,cat", LISTENER + "processes,0", LISTENER + "relay.hosts,x",
			LISTENER + "limits.write-stall,long", LISTENER + "limits.connections,-1",
			LISTENER + "limits.accepts-per-second,2000000", LISTENER + "limits.idle,60",
			LISTENER + "limits.read-bytes-per-second,fast", LISTENER + "keep-alive.idle,60",
			LISTENER + "keep-alive.count,0", LISTENER + "traffic-class,256", LISTENER + "max-segment,big",
			LISTENER + "access.allow,10.0.0.0/8", LISTENER + "access.deny[0],localhost",
			LISTENER + "access.block[0],10.0.0.0/8", LISTENER + "proxy-protocol.mode,on",
			LISTENER + "proxy-protocol.trusted,10.0.0.0/8" })
	void schemaRefuses(String key, String value) {
		assertThatThrownBy(() -> Chart.renderWith(key, value))
			.hasMessageContaining("values don't meet the specifications");
	}

	@Test
	void readmeListsEveryValueAndItsDefault() throws IOException {
		Map<String, Object> values = new Yaml().load(Files.readString(Chart.FOLDER.resolve("values.yaml")));
		List<String> names = new ArrayList<>();
		values.forEach((name, value) -> addRow(names, name, value));
		List<String> rows = Files.readAllLines(Chart.FOLDER.resolve("README.md"))
			.stream()
			.dropWhile((line) -> !line.startsWith("| value |"))
			.skip(2)
			.takeWhile((line) -> line.startsWith("|"))
			.map((line) -> line.substring(0, line.indexOf('|', line.indexOf('|', 1) + 1) + 1))
			.toList();
		assertThat(rows).containsExactlyElementsOf(names);
	}

	private static void addRow(List<String> rows, String name, Object value) {
		if (value instanceof Map<?, ?> some && !some.isEmpty() && !name.startsWith("config.echod.")) {
			some.forEach((key, inner) -> addRow(rows, name + "." + key, inner));
		}
		else if (value == null || value.equals("")) {
			rows.add("| `%s` | |".formatted(name));
		}
		else {
			rows.add("| `%s` | `%s` |".formatted(name, value.toString().replace("=", ": ")));
		}
	}

}
