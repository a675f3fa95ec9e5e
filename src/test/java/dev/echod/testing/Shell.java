package dev.echod.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the commands of the documentation as somebody who types them, in a folder, with
 * the packaged jar and the tests' Java.
 */
public final class Shell {

	private final Path folder;

	private final Map<String, String> environment = new HashMap<>();

	public Shell(Path folder) {
		this.folder = folder;
	}

	public Shell with(String variable, String value) {
		this.environment.put(variable, value);
		return this;
	}

	/**
	 * Runs a command, which has to succeed within half a minute.
	 * @return what it wrote, to both outputs
	 */
	public String run(String command) throws IOException, InterruptedException {
		ProcessBuilder shell = new ProcessBuilder("sh", "-c",
				command.replace("target/echod.jar", System.getProperty("echod.jar", "")))
			.directory(this.folder.toFile())
			.redirectErrorStream(true);
		shell.environment().putAll(this.environment);
		shell.environment()
			.merge("PATH", Path.of(System.getProperty("java.home"), "bin").toString(),
					(path, java) -> java + ":" + path);
		Process process = shell.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(command).isTrue();
		assertThat(process.exitValue()).as("%s%n%s", command, output).isZero();
		return output;
	}

}
