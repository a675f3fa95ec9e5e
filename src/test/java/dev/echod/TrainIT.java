package dev.echod;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.echod.testing.EchodProcess;
import dev.echod.testing.Readme;
import dev.echod.testing.Shell;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The AOT cache of the packaged jar, by the commands of its page: one makes it, and the
 * service starts with it.
 */
@Tag("long")
class TrainIT {

	private static final String CACHE = "target/echod.aot";

	@Test
	void serviceStartsWithTheCacheOfATrainingRun(@TempDir Path folder) throws Exception {
		List<String> commands = Readme.blocks("## The AOT cache", "sh").getFirst().lines().toList();
		Path cache = folder.resolve("echod.aot");
		assertThat(new Shell(folder).run(commands.getFirst().replace(CACHE, cache.toString()))).contains(
				"Starting AOT-processed EchodApplication", "Drain CLEAN", "trained for ",
				"AOTCache creation is complete");
		List<String> start = new ArrayList<>(List.of(commands.getLast()
			.replace(CACHE, cache.toString())
			.replace("target/echod.jar", System.getProperty("echod.jar"))
			.split(" ")));
		start.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
		// A cache that cannot be used ends the start.
		start.addAll(1, List.of("-XX:AOTMode=on", "-Xlog:class+load"));
		start.addAll(List.of("--echod.listeners.echo.port=0", "--server.port=0"));
		try (EchodProcess echod = EchodProcess.serviceBy(start); TestClient client = new TestClient(echod.port())) {
			byte[] message = TestClient.randomBytes(1, 1_000);
			TestClient.assertSame(client.send(message).receive(message.length), message);
			assertThat(echod.output().lines())
				.filteredOn((line) -> line.contains(" dev.echod.") && line.contains("shared objects file"))
				.isNotEmpty();
			assertThat(echod.output()).contains("Starting AOT-processed EchodApplication");
		}
	}

}
