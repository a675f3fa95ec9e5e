package dev.echod.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.echod.testing.EchodProcess;

/**
 * A server that runs, as a process of its own, on the port that it tells.
 */
final class Server implements AutoCloseable {

	private static final String PORT = "port ";

	/**
	 * Linux counts the time of processes in hundredths of a second, whatever its clock
	 * (USER_HZ).
	 */
	private static final long TICK_MILLIS = 10;

	/**
	 * Where proc(5) has the times of a process and of the children that it has awaited,
	 * counted from what follows its name.
	 */
	private static final int FIRST_TIME = 11;

	private static final int TIMES = 4;

	private final ProcessHandle process;

	private final int port;

	private final Runnable end;

	private Server(ProcessHandle process, int port, Runnable end) {
		this.process = process;
		this.port = port;
		this.end = end;
	}

	/**
	 * Starts the packaged service with its one listener on the loopback.
	 */
	static Server echod(String... arguments) {
		String[] all = Arrays.copyOf(arguments, arguments.length + 1);
		all[arguments.length] = "--echod.listeners.echo.address=127.0.0.1";
		EchodProcess service = EchodProcess.service(all);
		return new Server(service.process().toHandle(), service.port(), service::close);
	}

	/**
	 * Starts another, and waits until it has told its port.
	 */
	static Server start(List<String> command) {
		try {
			Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
			BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				if (line.startsWith(PORT)) {
					return new Server(process.toHandle(), Integer.parseInt(line.substring(PORT.length())),
							() -> process.destroyForcibly().onExit().join());
				}
			}
			throw new IllegalStateException("It does not start: " + String.join(" ", command));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts a class of this benchmark.
	 * @param flags for its JVM, with spaces between them
	 */
	static Server java(String flags, Class<?> main, String argument) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(flags.split(" ")));
		command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
				main.getName(), argument));
		return start(command);
	}

	/**
	 * Tells it to who started this server.
	 */
	static void tellPort(int port) {
		System.out.println(PORT + port);
	}

	int port() {
		return this.port;
	}

	/**
	 * The processor time that it took so far, with that of its children.
	 */
	Duration processorTime() {
		return Duration.ofMillis(TICK_MILLIS
				* Stream.concat(Stream.of(this.process), this.process.descendants()).mapToLong(Server::ticks).sum());
	}

	private static long ticks(ProcessHandle process) {
		try {
			String stat = Files.readString(file(process, "stat"));
			return Arrays.stream(stat.substring(stat.lastIndexOf(')') + 2).split(" "))
				.skip(FIRST_TIME)
				.limit(TIMES)
				.mapToLong(Long::parseLong)
				.sum();
		}
		catch (IOException ex) {
			// It has ended; its parent has its time.
			return 0;
		}
	}

	/**
	 * Its resident memory, in bytes, without that of its children.
	 */
	long residentMemory() {
		try (Stream<String> lines = Files.lines(file(this.process, "status"))) {
			return lines.filter((line) -> line.startsWith("VmRSS:"))
				.mapToLong((line) -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
				.findFirst()
				.orElseThrow();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path file(ProcessHandle process, String name) {
		return Path.of("/proc", String.valueOf(process.pid()), name);
	}

	@Override
	public void close() {
		this.end.run();
	}

}
