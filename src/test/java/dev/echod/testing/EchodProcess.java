package dev.echod.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged service, really started, as a child process.
 */
public final class EchodProcess implements AutoCloseable {

	/**
	 * How long a start may take, on a busy machine.
	 */
	public static final Duration START_TIMEOUT = Duration.ofSeconds(60);

	private static final Pattern LISTENING = Pattern.compile("Listener '(.+)' accepts connections on \\S+ port (\\d+)");

	private static final Pattern ADMIN = Pattern.compile("Admin API on .+ port (\\d+), path ");

	private final Process process;

	private final Path output;

	private EchodProcess(List<String> command) {
		try {
			this.output = Files.createTempFile("echod", ".log");
			this.process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(this.output.toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts the jar with these arguments.
	 */
	public static EchodProcess start(String... arguments) {
		return new EchodProcess(command(arguments));
	}

	/**
	 * Starts the jar with these arguments, and more flags for the JVM.
	 */
	public static EchodProcess startWithFlags(List<String> flags, String... arguments) {
		List<String> command = command(arguments);
		command.addAll(1, flags);
		return new EchodProcess(command);
	}

	/**
	 * Starts the service from the tests' classpath, on free ports, with the users of
	 * {@link AdminClient}, and does not wait. Its input is the process's.
	 */
	public static EchodProcess fromClasses(String... arguments) {
		List<String> command = new ArrayList<>(List.of(java(), "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
				"-cp", System.getProperty("java.class.path"), "dev.echod.EchodApplication",
				"--echod.listeners.echo.port=0", "--server.port=0",
				// The tests' own shows no more than warnings.
				"--logging.config=classpath:logback-service.xml"));
		command.addAll(List.of(AdminClient.USERS));
		command.addAll(List.of(arguments));
		return new EchodProcess(command);
	}

	/**
	 * Starts the service by a command other than the jar's, and waits until it is ready.
	 */
	public static EchodProcess serviceBy(List<String> command) {
		return new EchodProcess(command).awaitStarted();
	}

	/**
	 * Starts the service on free ports, and waits until it is ready.
	 */
	public static EchodProcess service(String... arguments) {
		return new EchodProcess(serviceCommand(arguments)).awaitStarted();
	}

	/**
	 * Starts the service on these ports, and waits until it is ready.
	 */
	public static EchodProcess serviceOn(int port, int adminPort, String... arguments) {
		return new EchodProcess(serviceCommand(port, adminPort, arguments)).awaitStarted();
	}

	/**
	 * Starts the service on free ports, with the users of {@link AdminClient}.
	 */
	public static EchodProcess administered(String... arguments) {
		List<String> command = serviceCommand(arguments);
		command.addAll(List.of(AdminClient.USERS));
		return new EchodProcess(command).awaitStarted();
	}

	/**
	 * Starts the service on free ports, with the users of {@link AdminClient}, so that it
	 * takes SIGINT: what a shell starts in the background ignores it, and has its
	 * children ignore it.
	 */
	public static EchodProcess interruptible(String... arguments) {
		List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
		command.addAll(serviceCommand(arguments));
		command.addAll(List.of(AdminClient.USERS));
		return new EchodProcess(command).awaitStarted();
	}

	/**
	 * Starts the service on free ports, with no more than so many files open.
	 */
	public static EchodProcess serviceWithFileLimit(int files, String... arguments) {
		List<String> command = new ArrayList<>(
				List.of("bash", "-c", "ulimit -n %d; exec \"$@\"".formatted(files), "bash"));
		command.addAll(serviceCommand(arguments));
		return new EchodProcess(command).awaitStarted();
	}

	/**
	 * Starts the service on these ports with more flags for the JVM, and waits until it
	 * is ready.
	 */
	public static EchodProcess serviceWithFlags(List<String> flags, int port, int adminPort, String... arguments) {
		List<String> command = serviceCommand(port, adminPort, arguments);
		command.addAll(1, flags);
		return new EchodProcess(command).awaitStarted();
	}

	/**
	 * A command that starts the service on free ports, for {@link #serviceBy}.
	 */
	public static List<String> serviceCommand(String... arguments) {
		return serviceCommand(0, 0, arguments);
	}

	private static List<String> serviceCommand(int port, int adminPort, String... arguments) {
		List<String> command = command("--echod.listeners.echo.port=" + port, "--server.port=" + adminPort);
		command.addAll(List.of(arguments));
		return command;
	}

	private static List<String> command(String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(java());
		command.addAll(List.of(System.getProperty("echod.jvm-flags").split(" ")));
		command.addAll(List.of("-jar", System.getProperty("echod.jar")));
		command.addAll(List.of(arguments));
		return command;
	}

	private static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

	private EchodProcess awaitStarted() {
		await().atMost(START_TIMEOUT)
			.until(() -> !this.process.isAlive() || output().contains("Started EchodApplication"));
		assertThat(this.process.isAlive()).as(output()).isTrue();
		return this;
	}

	/**
	 * The real port of the echo listener.
	 */
	public int port() {
		return find(LISTENING, 2);
	}

	/**
	 * The real port of any listener.
	 */
	public int port(String listener) {
		Matcher matcher = LISTENING.matcher(output());
		while (matcher.find()) {
			if (matcher.group(1).equals(listener)) {
				return Integer.parseInt(matcher.group(2));
			}
		}
		throw new AssertionError("No listener '%s' in %s".formatted(listener, output()));
	}

	public int adminPort() {
		return find(ADMIN, 1);
	}

	private int find(Pattern pattern, int group) {
		Matcher matcher = pattern.matcher(output());
		assertThat(matcher.find()).as(output()).isTrue();
		return Integer.parseInt(matcher.group(group));
	}

	/**
	 * What the process has printed so far, standard output and error together.
	 */
	public String output() {
		try {
			return Files.readString(this.output, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public Process process() {
		return this.process;
	}

	/**
	 * Sends SIGTERM.
	 */
	public void terminate() {
		this.process.destroy();
	}

	/**
	 * Sends SIGINT.
	 */
	public void interrupt() throws IOException, InterruptedException {
		assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(this.process.pid())).start().waitFor()).isZero();
	}

	/**
	 * Waits for two seconds in which the process took less than one of a processor: what
	 * the start has left to compile takes a while on a busy machine.
	 */
	public void awaitQuietProcessor() {
		AtomicReference<Duration> last = new AtomicReference<>(Duration.ZERO);
		await().pollInterval(Duration.ofSeconds(2)).atMost(START_TIMEOUT).until(() -> {
			Duration now = this.process.toHandle().info().totalCpuDuration().orElseThrow();
			return now.minus(last.getAndSet(now)).compareTo(Duration.ofSeconds(1)) < 0;
		});
	}

	/**
	 * Waits for the end.
	 * @return the exit code
	 */
	public int awaitExit() throws InterruptedException {
		return awaitExit(START_TIMEOUT);
	}

	/**
	 * Waits until it ends, for so long.
	 * @return its exit code
	 */
	public int awaitExit(Duration time) throws InterruptedException {
		assertThat(this.process.waitFor(time.toSeconds(), TimeUnit.SECONDS)).as(output()).isTrue();
		return this.process.exitValue();
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
		try {
			Files.delete(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
