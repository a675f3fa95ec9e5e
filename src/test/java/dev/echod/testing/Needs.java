package dev.echod.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.echod.transport.Transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What tests need and a machine may lack. Without it a test is skipped, and fails under
 * {@code CI=true}: there it would not be noticed.
 */
public final class Needs {

	private Needs() {
	}

	public static void program(String name) throws IOException, InterruptedException {
		int found = new ProcessBuilder("sh", "-c", "command -v \"$0\"", name)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor();
		check(found == 0, name + " is installed");
	}

	public static void file(Path file) {
		check(Files.exists(file), file + " is there");
	}

	public static void transport(Transport transport) {
		String unavailability = transport.unavailability();
		check(unavailability == null, "%s works here: %s".formatted(transport, unavailability));
	}

	public static void root() {
		check("root".equals(System.getProperty("user.name")), "this is root");
	}

	private static void check(boolean there, String what) {
		if (Boolean.parseBoolean(System.getenv("CI"))) {
			assertThat(there).as(what).isTrue();
		}
		assumeThat(there).as(what).isTrue();
	}

}
