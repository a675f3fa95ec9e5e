package dev.echod.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.echod.testing.AdminClient;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged service with one listener of each kind, which ends itself when its memory
 * does not suffice. All classes attack the same one. After each attack it must be as it
 * was before; where it is not, the next attack has a new one.
 */
final class HostileService implements BeforeEachCallback, AfterEachCallback {

	/**
	 * What a client leaves behind goes within this, {@code write-stall} and a process's
	 * end included.
	 */
	private static final Duration RECOVERY = Duration.ofSeconds(20);

	/**
	 * Where the time was used up by something else.
	 */
	private static final Duration LAST_LOOK = Duration.ofSeconds(2);

	private static final int MORE_THREADS = 12;

	private static final int MORE_FILES = 12;

	private static final long MORE_HEAP = 12L << 20;

	/**
	 * The allocator keeps chunks for what comes next.
	 */
	private static final long MORE_BUFFERS = 64L << 20;

	private static final Pattern THROWN = Pattern.compile("^(Caused by: )?[\\w.$]+(Exception|Error)\\b");

	private static final Pattern METER = Pattern
		.compile("(?m)^(\\w+)\\{(?:.*,)?(?:listener|memory_type)=\"([^\"]+)\"\\} (\\S+)$");

	private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

	private static @Nullable Started current;

	int port(Target target) {
		return started().echod.port(target.listener());
	}

	/**
	 * Connects to a listener that has TLS.
	 */
	TestClient secured(Target target) throws IOException {
		return new TestClient(port(target), new TestClient.Tls(AUTHORITY.clientContext(null), "TLSv1.3", "localhost"));
	}

	Upstream upstream() {
		return started().upstream;
	}

	/**
	 * Processor time the service has used.
	 */
	Duration processorTime() {
		return started().echod.process().toHandle().info().totalCpuDuration().orElseThrow();
	}

	/**
	 * Connections of this listener that are open.
	 */
	int active(Target target) throws Exception {
		return (int) started().meter("echod_connections_active", target.listener());
	}

	/**
	 * Waits until this listener has no connection any more.
	 */
	void awaitNoConnectionOf(Target target) {
		await("no connection of " + target).atMost(RECOVERY).until(() -> active(target) == 0);
	}

	private static Started started() {
		if (current == null) {
			throw new IllegalStateException("not started");
		}
		return current;
	}

	@Override
	public void beforeEach(ExtensionContext context) throws Exception {
		if (current == null) {
			current = Started.start();
			AutoCloseable atTheEnd = HostileService::stop;
			context.getRoot().getStore(Namespace.GLOBAL).put(HostileService.class, atTheEnd);
		}
	}

	@Override
	public void afterEach(ExtensionContext context) throws Exception {
		if (current == null) {
			// It did not start, which has been told.
			return;
		}
		boolean unharmed = false;
		try {
			started().assertUnharmed();
			unharmed = context.getExecutionException().isEmpty();
		}
		finally {
			if (!unharmed) {
				stop();
			}
		}
	}

	private static void stop() throws IOException {
		if (current != null) {
			current.close();
			current = null;
		}
	}

	/**
	 * The service, and how it was at first.
	 */
	private static final class Started {

		private final Upstream upstream;

		private final Path folder;

		private final EchodProcess echod;

		private final AdminClient admin;

		private final Watcher watcher;

		private final int threads;

		private final long files;

		private final Footprint footprint;

		private final double buffers;

		/**
		 * All that were seen: those of a service that has ended have another parent.
		 */
		private final Set<ProcessHandle> children = new HashSet<>();

		private int logged;

		private Started(EchodProcess echod, Upstream upstream, Path folder) throws Exception {
			this.echod = echod;
			this.folder = folder;
			this.upstream = upstream;
			this.admin = new AdminClient(echod.adminPort());
			this.watcher = new Watcher(echod.port("echo"));
			for (Target target : Target.values()) {
				if (!target.isProcess() && !target.awaitsMore()) {
					try (TestClient first = new TestClient(echod.port(target.listener()))) {
						first.send(target.smallest(1)).sendFin().receiveToEnd();
					}
				}
			}
			await().atMost(RECOVERY).until(() -> active().isEmpty());
			this.footprint = Footprint.of(echod.process());
			this.threads = Footprint.threads(echod.process()).size();
			this.files = Footprint.openFiles(echod.process());
			this.buffers = meter("netty_allocator_memory_used", "direct");
		}

		static Started start() throws Exception {
			Upstream upstream = new Upstream();
			Path folder = Files.createTempDirectory("attacked");
			TestCertificates.write(AUTHORITY.server("localhost"), folder);
			EchodProcess echod = EchodProcess.serviceBy(command(upstream.port(), folder));
			try {
				return new Started(echod, upstream, folder);
			}
			catch (Exception ex) {
				echod.close();
				upstream.close();
				FileSystemUtils.deleteRecursively(folder);
				throw ex;
			}
		}

		private static List<String> command(int upstream, Path folder) {
			List<String> command = new ArrayList<>();
			command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
			command.addAll(List.of(System.getProperty("echod.jvm-flags").split(" ")));
			command.addAll(List.of("-Xmx192m", "-XX:+ExitOnOutOfMemoryError", "-jar", System.getProperty("echod.jar")));
			command.addAll(List.of("--server.port=0", "--echod.listeners.echo.port=0",
					"--spring.netty.leak-detection=simple", "--echod.listeners.relay.relay.port=" + upstream,
					"--echod.listeners.relay.relay.timeout=2s"));
			command.add("--spring.ssl.bundle.pem.attacked.keystore.certificate=" + folder.resolve("tls.crt"));
			command.add("--spring.ssl.bundle.pem.attacked.keystore.private-key=" + folder.resolve("tls.key"));
			Arrays.stream(Target.values()).flatMap(Target::arguments).forEach(command::add);
			return command;
		}

		/**
		 * Connections and where they are, without the watcher's.
		 */
		private List<String> active() throws Exception {
			return meters("echod_connections_active")
				.filter((meter) -> Double
					.parseDouble(meter.group(3)) > (meter.group(2).equals("echo") ? Watcher.CONNECTIONS : 0))
				.map(MatchResult::group)
				.toList();
		}

		private double meter(String name, String tag) throws Exception {
			return meters(name).filter((meter) -> meter.group(2).equals(tag))
				.mapToDouble((meter) -> Double.parseDouble(meter.group(3)))
				.sum();
		}

		private Stream<MatchResult> meters(String name) throws Exception {
			String all = this.admin.call(AdminClient.NOBODY, "GET", "prometheus", "").body();
			return METER.matcher(all).results().filter((meter) -> meter.group(1).equals(name));
		}

		private List<String> children() {
			List<ProcessHandle> children = this.echod.process().toHandle().descendants().toList();
			this.children.addAll(children);
			return children.stream().map((child) -> child.info().commandLine().orElse("?")).toList();
		}

		void assertUnharmed() {
			SoftAssertions softly = new SoftAssertions();
			long deadline = System.nanoTime() + RECOVERY.toNanos();
			settles(softly, deadline, "connections", () -> assertThat(active()).isEmpty());
			settles(softly, deadline, "processes", () -> assertThat(children()).isEmpty());
			settles(softly, deadline, "files",
					() -> assertThat(Footprint.openFiles(this.echod.process())).isLessThan(this.files + MORE_FILES));
			settles(softly, deadline, "threads", () -> {
				List<String> names = Footprint.threads(this.echod.process());
				assertThat(names).hasSizeLessThan(this.threads + MORE_THREADS);
			});
			settles(softly, deadline, "memory", () -> {
				Footprint now = Footprint.of(this.echod.process());
				assertThat(now.liveHeap()).as(now.largest()).isLessThan(this.footprint.liveHeap() + MORE_HEAP);
				assertThat(now.virtualThreads()).isLessThan(this.footprint.virtualThreads() + MORE_THREADS);
				assertThat(meter("netty_allocator_memory_used", "direct")).isLessThan(this.buffers + MORE_BUFFERS);
			});
			softly.assertThat(this.watcher.complaints()).as("echo on another listener").isEmpty();
			String log = this.echod.output();
			softly.assertThat(log.substring(this.logged).lines().filter(Started::isTrouble).limit(20).toList())
				.as("log")
				.isEmpty();
			this.logged = log.length();
			softly.assertThat(this.echod.process().isAlive()).as("the service is up").isTrue();
			softly.assertAll();
		}

		private void settles(SoftAssertions softly, long deadline, String what, ThrowingRunnable assertion) {
			if (!this.echod.process().isAlive()) {
				return;
			}
			Duration left = Duration.ofNanos(deadline - System.nanoTime());
			try {
				await().atMost(left.compareTo(LAST_LOOK) > 0 ? left : LAST_LOOK)
					.pollInterval(Duration.ofMillis(50))
					.ignoreExceptions()
					.failFast("the service has ended", () -> !this.echod.process().isAlive())
					.untilAsserted(assertion);
			}
			catch (ConditionTimeoutException | TerminalFailureException ex) {
				softly.fail("%s: %s".formatted(what, ex.getMessage()));
			}
		}

		private static boolean isTrouble(String line) {
			return line.startsWith("\tat ") || line.contains(" ERROR ") || line.contains("LEAK")
					|| line.contains("OutOfMemory") || THROWN.matcher(line).find();
		}

		void close() throws IOException {
			this.watcher.close();
			this.admin.close();
			children();
			this.children.forEach(ProcessHandle::destroyForcibly);
			this.echod.close();
			this.upstream.close();
			FileSystemUtils.deleteRecursively(this.folder);
		}

	}

}
