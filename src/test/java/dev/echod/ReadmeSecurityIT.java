package dev.echod;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.echod.testing.EchodProcess;
import dev.echod.testing.Needs;
import dev.echod.testing.Readme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The README's commands and properties of the admin API over TLS, letter for letter but
 * for the port and the folder.
 */
class ReadmeSecurityIT {

	private static final String HEADING = "## The admin API over TLS";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	private String run(String command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder("sh", "-c", command).directory(this.folder.toFile())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(command).isTrue();
		assertThat(process.exitValue()).as("%s%n%s", command, output).isZero();
		return output;
	}

	@Test
	void adminApiOverTls() throws Exception {
		Needs.program("curl");
		Needs.program("openssl");
		List<String> commands = Readme.blocks(HEADING, "sh").stream().flatMap(String::lines).toList();
		for (String command : commands.stream().filter((line) -> line.startsWith("openssl ")).toList()) {
			run(command);
		}
		Files.writeString(this.folder.resolve("application.yml"),
				String.join("---\n", Readme.blocks(HEADING, "yaml")).replace("file:", "file:" + this.folder + "/"));
		List<String> calls = commands.stream().filter((line) -> line.startsWith("curl ")).toList();
		assertThat(calls).hasSize(2);
		try (EchodProcess echod = EchodProcess
			.fromClasses("--spring.config.additional-location=file:%s/".formatted(this.folder))) {
			await().atMost(EchodProcess.START_TIMEOUT).until(() -> echod.output().contains("Started EchodApplication"));
			assertThat(echod.output()).contains("path /actuator, by https: ", "; certificates are taken");
			for (String call : calls) {
				assertThat(run(call.replace("127.0.0.1:8081", "127.0.0.1:" + echod.adminPort()))).as(call)
					.contains("\"state\":\"ACCEPTING\"");
			}
		}
	}

}
