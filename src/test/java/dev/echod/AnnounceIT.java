package dev.echod;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.echod.testing.AdminClient;
import dev.echod.testing.Balancer;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.Needs;
import dev.echod.testing.Readme;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Which connects fail while one of two services behind HAProxy, as the documentation
 * configures it, is drained: with checks of readiness and with checks that only connect,
 * announced and not.
 */
@Tag("rollout")
class AnnounceIT {

	private static final Duration PACE = Duration.ofMillis(25);

	private static final Duration CHECKS_NOTICE = Duration.ofSeconds(20);

	private final EchodProcess drained = EchodProcess.administered();

	private final EchodProcess other = EchodProcess.administered();

	private final AdminClient admin = new AdminClient(this.drained.adminPort());

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	private List<Integer> ports = List.of();

	@SuppressWarnings("NullAway.Init")
	private Balancer checksReadiness;

	@SuppressWarnings("NullAway.Init")
	private Balancer checksConnecting;

	@BeforeEach
	void start() throws Exception {
		Needs.program("haproxy");
		this.ports = Balancer.freePorts(2);
		String configuration = Readme.blocks("## Behind a balancer", "haproxy").getFirst();
		this.checksReadiness = haproxy(this.ports.getFirst(), configuration);
		this.checksConnecting = haproxy(this.ports.getLast(),
				configuration.replaceAll("(?m)^ *option httpchk.*\n", "").replace(" port 8081", ""));
	}

	@AfterEach
	void stop() {
		if (this.checksReadiness != null) {
			this.checksReadiness.close();
		}
		if (this.checksConnecting != null) {
			this.checksConnecting.close();
		}
		this.admin.close();
		this.drained.close();
		this.other.close();
	}

	private Balancer haproxy(int port, String readme) throws IOException, InterruptedException {
		String configuration = readme.replace(":7000", "127.0.0.1:" + port)
			.replace("10.0.0.11:8080 check port 8081",
					"127.0.0.1:%d check port %d".formatted(this.drained.port(), this.drained.adminPort()))
			.replace("10.0.0.12:8080 check port 8081",
					"127.0.0.1:%d check port %d".formatted(this.other.port(), this.other.adminPort()))
			.replace("10.0.0.11:8080", "127.0.0.1:" + this.drained.port())
			.replace("10.0.0.12:8080", "127.0.0.1:" + this.other.port());
		return Balancer.haproxy(this.folder, port, configuration);
	}

	@Test
	void onlyAnAnnouncementThatTheChecksCanSeeIsFreeOfFailedConnects() throws Exception {
		List<Integer> announced = failedWhileDrained("5s");
		assertThat(this.admin.call(OPERATOR, "DELETE", "drain", "").statusCode()).isEqualTo(200);
		awaitInUse(this.checksReadiness);
		awaitInUse(this.checksConnecting);
		List<Integer> unannounced = failedWhileDrained("0s");
		System.out.printf("Failed connects, of 40 a second: announced %s, unannounced %s (HTTP check, TCP check)%n",
				announced, unannounced);
		assertThat(announced.getFirst()).as(this.checksReadiness.output()).isZero();
		assertThat(announced.getLast()).as(this.checksConnecting.output()).isPositive();
		assertThat(unannounced).allMatch((failed) -> failed > 0);
	}

	private void awaitInUse(Balancer balancer) {
		await().atMost(CHECKS_NOTICE).until(() -> balancer.output().contains("Server echod/echo1 is UP"));
	}

	/**
	 * Connects through both balancers, drains, and goes on until both have noticed.
	 * @return how many connects failed, with checks of readiness and without
	 */
	private List<Integer> failedWhileDrained(String announce) throws Exception {
		AtomicBoolean stop = new AtomicBoolean();
		int readinessDowns = downs(this.checksReadiness);
		int connectingDowns = downs(this.checksConnecting);
		List<CompletableFuture<Integer>> failed = this.ports.stream().map((port) -> connectUntil(stop, port)).toList();
		try {
			assertThat(this.admin.call(OPERATOR, "POST", "drain", "{\"announce\":\"%s\"}".formatted(announce))
				.statusCode()).isEqualTo(202);
			await().atMost(CHECKS_NOTICE)
				.until(() -> downs(this.checksReadiness) > readinessDowns
						&& downs(this.checksConnecting) > connectingDowns);
		}
		finally {
			stop.set(true);
		}
		return failed.stream().map(CompletableFuture::join).toList();
	}

	private static int downs(Balancer balancer) {
		return balancer.output().split("Server echod/echo1 is DOWN", -1).length;
	}

	/**
	 * Connects at a steady pace, whatever becomes of those before.
	 * @return how many had no echo
	 */
	private static CompletableFuture<Integer> connectUntil(AtomicBoolean stop, int port) {
		return CompletableFuture.supplyAsync(() -> {
			AtomicInteger failed = new AtomicInteger();
			try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
				while (!stop.get()) {
					clients.execute(() -> {
						if (!echoes(port)) {
							failed.incrementAndGet();
						}
					});
					LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PACE.toMillis()));
				}
			}
			return failed.get();
		}, (task) -> Thread.ofVirtual().start(task));
	}

	private static boolean echoes(int port) {
		try (TestClient client = new TestClient(port)) {
			return client.send(new byte[] { 1 }).receive(1).length == 1;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
