package dev.echod.client.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.echod.testing.Needs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The load command as a process of its own.
 */
@Tag("long")
class LoadProcessTests {

	private static final int ENDED_BY_SIGINT = 130;

	/**
	 * Who runs the tests in the background has them ignore the signal, which a child
	 * would inherit.
	 */
	private static Process load(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT",
				ProcessHandle.current().info().command().orElseThrow(), "--enable-native-access=ALL-UNNAMED", "-cp",
				System.getProperty("java.class.path"), "dev.echod.EchodApplication", "load"));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectErrorStream(true).start();
	}

	private static void signal(String name, Process process) throws Exception {
		new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
	}

	/**
	 * Stopped four times, once for longer than a reply may take: so long replies lay
	 * unread, what piled up follows, and none of it is missing.
	 */
	@Test
	void loadThatStoodStillItselfIsNotValid() throws Exception {
		Needs.program("env");
		try (Peer peer = Peer.echo()) {
			Process load = load("127.0.0.1:" + peer.port(), "--connections", "5", "--rate", "1000", "--duration", "7s",
					"--warm-up", "0", "--timeout", "1s");
			try (BufferedReader output = load.inputReader(StandardCharsets.UTF_8)) {
				for (int stop = 0; stop < 4; stop++) {
					assertThat(firstFigures(output)).contains("messages/s");
					signal("STOP", load);
					LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos((stop == 0) ? 1500 : 300));
					signal("CONT", load);
				}
				assertThat(output.readAllLines()).anySatisfy(
						(line) -> assertThat(line).startsWith("CLIENT-BOUND, not valid: had this client not been late"))
					.contains("connections: 5 closed by us");
				assertThat(load.waitFor(60, TimeUnit.SECONDS)).isTrue();
				assertThat(load.exitValue()).isEqualTo(LoadExitCode.CLIENT_BOUND.code());
			}
			finally {
				load.destroyForcibly();
			}
		}
	}

	/**
	 * Messages wait to be sent, and the last that is has its reply just in time: longer
	 * than one time-out.
	 */
	@Test
	void interruptedLoadWaitsForASlowTarget() throws Exception {
		Needs.program("env");
		try (Peer peer = Peer.echo((bytes, length, before, out) -> {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(4000));
			out.write(bytes, 0, length);
		})) {
			Process load = load("127.0.0.1:" + peer.port(), "--duration", "1h", "--warm-up", "0", "--rate", "100",
					"--timeout", "6s");
			try (BufferedReader output = load.inputReader(StandardCharsets.UTF_8)) {
				assertThat(firstFigures(output)).contains("messages/s");
				signal("INT", load);
				assertThat(output.readAllLines()).anySatisfy((line) -> assertThat(line).startsWith("response"));
			}
			finally {
				load.destroyForcibly();
			}
		}
	}

	/**
	 * After what is told while it connects, if that takes long.
	 */
	private static String firstFigures(BufferedReader output) throws IOException {
		String line = output.readLine();
		while (line != null && line.startsWith("connecting: ")) {
			line = output.readLine();
		}
		return String.valueOf(line);
	}

	@Test
	void interruptedLoadReportsWhatThereIs() throws Exception {
		Needs.program("env");
		try (Peer peer = Peer.echo()) {
			Process load = load("127.0.0.1:" + peer.port(), "--duration", "1h", "--warm-up", "0");
			try (BufferedReader output = load.inputReader(StandardCharsets.UTF_8)) {
				assertThat(firstFigures(output)).contains("messages/s");
				signal("INT", load);
				assertThat(output.readAllLines()).anySatisfy((line) -> assertThat(line).startsWith("response"))
					.contains("connections: 1 closed by us");
				assertThat(load.waitFor(60, TimeUnit.SECONDS)).isTrue();
				assertThat(load.exitValue()).isEqualTo(ENDED_BY_SIGINT);
			}
			finally {
				load.destroyForcibly();
			}
		}
	}

}
