package dev.echod;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import dev.echod.testing.AdminClient;
import dev.echod.testing.Chart;
import dev.echod.testing.Crowd;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The image in podman, run as the chart's deployment runs it.
 */
@Tag("image")
class ImageIT {

	private static final String CONTAINER = "$.spec.template.spec.containers[0]";

	private static final Chart CHART = Chart.render("{}");

	private static String image = "";

	private final String name = "echod-" + UUID.randomUUID();

	private final List<AutoCloseable> resources = new ArrayList<>();

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	@BeforeAll
	static void load() throws Exception {
		String loaded = podman("load", "-q", "-i", System.getProperty("echod.image"));
		image = loaded.substring(loaded.lastIndexOf(' ') + 1).strip();
	}

	@AfterEach
	void end() throws Exception {
		podman("rm", "--force", "--time=0", "--ignore", this.name);
		for (AutoCloseable resource : this.resources.reversed()) {
			resource.close();
		}
	}

	private static String podman(String... arguments) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Stream.concat(Stream.of("podman"), Stream.of(arguments)).toList())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as("%s: %s", List.of(arguments), output).isZero();
		return output;
	}

	/**
	 * A command that runs a container as the chart's pods are run: its user, nothing
	 * writable but a small folder for temporary files, no capabilities, its memory.
	 */
	private List<String> run(String... options) {
		String memory = CHART.at("Deployment/test-echod", CONTAINER + ".resources.limits.memory");
		List<String> command = new ArrayList<>(List.of("podman", "run", "--rm", "--name", this.name, "--network=host",
				"--read-only", "--read-only-tmpfs=false", "--tmpfs=/tmp:rw,exec,size=32m,mode=1777", "--cap-drop=all",
				"--security-opt=no-new-privileges", "--memory", memory.replace("i", "").toLowerCase(Locale.ROOT)));
		command.addAll(List.of(options));
		command.add(image);
		return command;
	}

	/**
	 * Starts a container with the configuration that the chart writes, on free ports.
	 */
	private EchodProcess start() throws IOException {
		String configuration = CHART.at("ConfigMap/test-echod", "$.data['application.yml']");
		Files.writeString(this.folder.resolve("application.yml"), configuration);
		EchodProcess echod = EchodProcess.serviceBy(run("--volume=%s:/etc/echod:ro".formatted(this.folder),
				"--env=SPRING_CONFIG_ADDITIONAL_LOCATION=file:/etc/echod/",
				"--env=ECHOD_ADMIN_OPERATOR_PASSWORD=secret", "--env=ECHOD_LISTENERS_ECHO_PORT=0",
				"--env=SERVER_PORT=0"));
		this.resources.add(echod);
		return echod;
	}

	private AdminClient admin(EchodProcess echod) {
		AdminClient admin = new AdminClient(echod.adminPort());
		this.resources.add(admin);
		return admin;
	}

	@Test
	void echoesAndIsHealthyWithoutRights() throws Exception {
		EchodProcess echod = start();
		byte[] much = TestClient.randomBytes(1, 1_000_000);
		try (TestClient client = new TestClient(echod.port())) {
			Thread sender = Thread.startVirtualThread(() -> {
				try {
					client.send(much).sendFin();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
			TestClient.assertSame(client.receiveToEnd(), much);
			sender.join();
		}
		assertThat(admin(echod).call(NOBODY, "GET", "health", "").body()).startsWith("{").contains("\"status\":\"UP\"");
		String pid = podman("inspect", this.name, "--format", "{{.State.Pid}}").strip();
		String status = Files.readString(Path.of("/proc", pid, "status"));
		assertThat(status).containsPattern("CapEff:\\s+0000000000000000\n")
			.containsPattern("CapBnd:\\s+0000000000000000\n")
			.containsPattern("NoNewPrivs:\\s+1\n")
			.containsPattern("Uid:\\s+10001\\s+10001\\s+10001\\s+10001\n");
	}

	@Test
	void stopDrainsUnderLoadAndLosesNothing() throws Exception {
		EchodProcess echod = start();
		Crowd crowd = new Crowd(echod.port(), 200);
		crowd.awaitConnected();
		int grace = CHART.at("Deployment/test-echod", "$.spec.template.spec.terminationGracePeriodSeconds");
		Process stop = new ProcessBuilder("podman", "stop", "--time", String.valueOf(grace), this.name)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		await().until(() -> echod.output().contains("new clients are refused"));
		crowd.drainHasBegun();
		crowd.awaitEnd();
		assertThat(stop.waitFor()).isZero();
		assertThat(echod.awaitExit()).as(echod.output()).isZero();
		assertThat(echod.output()).contains("Drain CLEAN").contains(" 0 reset, 0 cut off, 0 left");
	}

	@Test
	void probesAsTheChartsTestsDo() throws Exception {
		EchodProcess echod = start();
		List<String> command = run("--name=%s-probe".formatted(this.name));
		command.addAll(List.of("probe", "127.0.0.1:" + echod.port(), "--framing=stream"));
		Process probe = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(probe.waitFor()).as(output).isZero();
		assertThat(output).contains("echoed 1 x 4 bytes");
	}

	@Test
	void startsFromItsCacheAndTellsWhatIsInIt() throws Exception {
		EchodProcess echod = start();
		String pid = podman("inspect", this.name, "--format", "{{.State.Pid}}").strip();
		assertThat(Files.readString(Path.of("/proc", pid, "maps"))).contains("/app/echod.aot");
		assertThat(echod.output()).contains("Starting AOT-processed EchodApplication");
		assertThat(admin(echod).call(OPERATOR, "GET", "sbom/application", "").body()).contains("\"CycloneDX\"",
				"\"spring-integration-ip\"");
	}

	@Test
	void saysWhatItIs() throws Exception {
		Map<String, Object> chart = CHART.at("Deployment/test-echod", "$.spec.template.spec.securityContext");
		assertThat(podman("image", "inspect", image, "--format", "{{.Config.User}}").strip())
			.isEqualTo("%s:%s".formatted(chart.get("runAsUser"), chart.get("runAsGroup")));
		assertThat(podman("image", "inspect", image, "--format", "{{json .Config.Labels}}"))
			.contains("\"org.opencontainers.image.title\":\"echod\"", "\"org.opencontainers.image.version\":",
					"\"org.opencontainers.image.description\":", "\"org.opencontainers.image.base.name\":")
			.containsPattern("\"org.opencontainers.image.revision\":\"[0-9a-f]{40}\"");
		assertThat(podman("image", "inspect", image, "--format", "{{json .Config.ExposedPorts}}")).contains("8080/tcp",
				"8081/tcp");
		assertThat(podman("image", "inspect", image, "--format", "{{len .RootFS.Layers}}").strip())
			.as("layers: the base, the libraries, the application, the cache")
			.satisfies((layers) -> assertThat(Integer.parseInt(layers)).isGreaterThanOrEqualTo(4));
	}

}
