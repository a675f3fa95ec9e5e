package dev.echod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.echod.testing.Balancer;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.Needs;
import dev.echod.testing.TestClient;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two services behind HAProxy, replaced one after the other as a rollout does.
 */
@Tag("rollout")
class RolloutIT {

	private static final int CLIENTS = 50;

	private static final Duration LOAD = Duration.ofMinutes(1);

	private static final Duration TRAINING_TIMEOUT = Duration.ofMinutes(3);

	/**
	 * Of so many it is told what the clients felt.
	 */
	private static final int HALF_SECONDS = 12;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private static Path shared;

	private final List<EchodProcess> services = new ArrayList<>();

	/**
	 * The times of the replies, in microseconds, by the half second in which they came.
	 */
	private final Map<Integer, Histogram> replies = new ConcurrentHashMap<>();

	/**
	 * The half seconds in which a service was told to end.
	 */
	private final List<Integer> replacements = new ArrayList<>();

	private final long began = System.nanoTime();

	/**
	 * The half second in which the load ended.
	 */
	private volatile int loadEnd;

	private final AtomicInteger reconnects = new AtomicInteger();

	private final AtomicBoolean stop = new AtomicBoolean();

	/**
	 * The balancer's port, then an echo and an admin port for each service that will run.
	 */
	private List<Integer> ports = List.of();

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	@SuppressWarnings("NullAway.Init")
	private Process balancer;

	/**
	 * A pod starts with the cache that a training run has left.
	 */
	@BeforeAll
	static void train() throws Exception {
		Needs.program("haproxy");
		try (EchodProcess train = EchodProcess.startWithFlags(List.of("-XX:AOTCacheOutput=" + cache()), "train")) {
			assertThat(train.awaitExit(TRAINING_TIMEOUT)).as(train.output()).isZero();
		}
	}

	private static Path cache() {
		return shared.resolve("echod.aot");
	}

	@BeforeEach
	void start() throws Exception {
		this.ports = Balancer.freePorts(9);
		startService(0);
		startService(1);
		Path configuration = Files.writeString(this.folder.resolve("haproxy.cfg"), configuration());
		this.balancer = new ProcessBuilder("haproxy", "-db", "-f", configuration.toString()).redirectErrorStream(true)
			.redirectOutput(this.folder.resolve("haproxy.log").toFile())
			.start();
		await().ignoreExceptions().until(() -> {
			try (TestClient client = new TestClient(this.ports.getFirst())) {
				return client.send(new byte[] { 1 }).receive(1).length == 1;
			}
		});
	}

	@AfterEach
	void stop() throws InterruptedException {
		if (this.balancer != null) {
			this.balancer.destroy();
			this.balancer.waitFor();
		}
		this.services.forEach(EchodProcess::close);
	}

	private void startService(int number) {
		// A cache that cannot be used ends the start.
		this.services.add(EchodProcess.serviceWithFlags(List.of("-XX:AOTCache=" + cache(), "-XX:AOTMode=on"),
				this.ports.get(1 + 2 * number), this.ports.get(2 + 2 * number), "--echod.drain.announce=2s"));
	}

	private String configuration() {
		StringBuilder servers = new StringBuilder();
		for (int i = 0; i < 4; i++) {
			servers.append("  server s%d 127.0.0.1:%d check port %d inter 200ms fall 2 rise 1\n".formatted(i,
					this.ports.get(1 + 2 * i), this.ports.get(2 + 2 * i)));
		}
		return """
				defaults
				  mode tcp
				  timeout connect 5s
				  timeout client 1m
				  timeout server 1m
				  timeout check 5s
				  option redispatch
				frontend echo
				  bind 127.0.0.1:%d
				  default_backend services
				backend services
				  balance roundrobin
				  option httpchk
				  http-check send meth GET uri /actuator/health/readiness ver HTTP/1.1 hdr Host localhost
				%s""".formatted(this.ports.getFirst(), servers);
	}

	@Test
	void rolloutLosesNoByteAndResetsNobody() throws Exception {
		Thread rollout = Thread.startVirtualThread(() -> {
			long end = System.nanoTime() + LOAD.toNanos();
			replace(0, 2);
			replace(1, 3);
			while (System.nanoTime() - end < 0) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
			}
			this.loadEnd = halfSecond();
			this.stop.set(true);
		});
		try {
			TestClient.inParallel(CLIENTS, this::echoUntilStopped);
		}
		finally {
			rollout.join();
		}
		assertThat(this.services).hasSize(4);
		for (EchodProcess replaced : this.services.subList(0, 2)) {
			assertThat(replaced.awaitExit()).as(replaced.output()).isZero();
			assertThat(replaced.output()).contains("Drain CLEAN").contains(" 0 reset, 0 cut off, 0 left");
		}
		System.out.printf("%d reconnects of %d clients%n", this.reconnects.get(), CLIENTS);
		printTimes();
		assertThat(this.replies).isNotEmpty();
		assertThat(this.reconnects).hasValueGreaterThanOrEqualTo(CLIENTS);
	}

	/**
	 * Connections of two seconds end by themselves while a service is drained; those that
	 * only stay get its FIN. A message that crosses a FIN would be lost.
	 */
	@Test
	void loadThroughARolloutLosesNothingAndItsPageShowsTheDrains() throws Exception {
		Path json = this.folder.resolve("load.json");
		Path html = this.folder.resolve("load.html");
		try (EchodProcess load = EchodProcess.start("load", "127.0.0.1:" + this.ports.getFirst(), "--connections", "50",
				"--idle", "20", "--rate", "2000", "--lifetime", "2s", "--duration", "1h", "--json", json.toString(),
				"--html", html.toString())) {
			await().atMost(EchodProcess.START_TIMEOUT).until(() -> load.output().contains(" messages/s "));
			replace(0, 2);
			replace(1, 3);
			load.terminate();
			load.awaitExit();
			load.output().lines().filter((line) -> line.startsWith("connections: ")).forEach(System.out::println);
			JsonNode run = new JsonMapper().readTree(json).get("runs").get(0);
			assertThat(run.get("failures")).as(load.output()).isEmpty();
			assertThat(run.get("unanswered").asLong() + run.get("unsent").asLong()).isZero();
			assertThat(run.get("messages").asLong()).isPositive();
			assertThat(run.get("connections").get("DRAINED").asLong()).isGreaterThanOrEqualTo(20);
			run.get("connections")
				.properties()
				.stream()
				.filter((end) -> !Set.of("OURS", "DRAINED").contains(end.getKey()))
				.forEach((end) -> assertThat(end.getValue().asLong()).as(end.getKey()).isZero());
			assertThat(html).content().contains("mark drained").doesNotContain("mark failed", "The target failed");
		}
		for (EchodProcess replaced : this.services.subList(0, 2)) {
			assertThat(replaced.awaitExit()).as(replaced.output()).isZero();
			assertThat(replaced.output()).contains("Drain CLEAN").contains(" 0 reset, 0 cut off, 0 left");
		}
	}

	/**
	 * Starts a service, waits until the balancer may know it, and ends another.
	 */
	private void replace(int old, int replacement) {
		startService(replacement);
		this.replacements.add(halfSecond());
		this.services.get(old).terminate();
		try {
			this.services.get(old).awaitExit();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Echoes, pauses now and then, and connects anew at the service's FIN. A message that
	 * crossed the FIN has no reply: it is sent again, and answered. A reset or a failed
	 * connect is an exception, and fails the test.
	 */
	private void echoUntilStopped(int number) throws IOException {
		Random random = new Random(number);
		TestClient client = new TestClient(this.ports.getFirst());
		try {
			while (!this.stop.get()) {
				byte[] message = TestClient.randomBytes(random.nextLong(), 1 + random.nextInt(2_000));
				long sent = System.nanoTime();
				byte[] reply = client.send(message).receive(message.length);
				if (reply.length == 0) {
					client.close();
					this.reconnects.incrementAndGet();
					client = new TestClient(this.ports.getFirst());
					reply = client.send(message).receive(message.length);
				}
				TestClient.assertSame(reply, message);
				replied(System.nanoTime() - sent);
				boolean longPause = random.nextInt(200) == 0;
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(longPause ? 1_500 : random.nextInt(20)));
			}
		}
		finally {
			client.close();
		}
	}

	private int halfSecond() {
		return (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - this.began) / 500;
	}

	private void replied(long nanos) {
		this.replies.computeIfAbsent(halfSecond(), (begin) -> new ConcurrentHistogram(3))
			.recordValue(TimeUnit.NANOSECONDS.toMicros(nanos));
	}

	/**
	 * Tells what the clients felt, who send some thousand messages a second, from when a
	 * service was told to end on, and at the end, when all has settled.
	 */
	private void printTimes() {
		for (int replacement : this.replacements) {
			System.out.printf("p99 in half seconds, ms: %s; settled: %s%n",
					p99(replacement, replacement + HALF_SECONDS), p99(this.loadEnd - HALF_SECONDS, this.loadEnd));
		}
	}

	private List<String> p99(int from, int to) {
		return IntStream.range(from, to)
			.mapToObj((half) -> Optional.ofNullable(this.replies.get(half))
				.map((times) -> "%.1f".formatted(times.getValueAtPercentile(99) / 1e3))
				.orElse("none came"))
			.toList();
	}

}
