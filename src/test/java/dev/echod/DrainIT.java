package dev.echod;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import com.jayway.jsonpath.JsonPath;
import dev.echod.drain.Drain;
import dev.echod.testing.AdminClient;
import dev.echod.testing.Crowd;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.FarMachine;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The packaged service being drained: by an operator, by SIGTERM, and by both.
 */
class DrainIT {

	private final List<AutoCloseable> resources = new ArrayList<>();

	@AfterEach
	void closeAll() throws Exception {
		for (AutoCloseable resource : this.resources.reversed()) {
			resource.close();
		}
	}

	private EchodProcess start(String... arguments) {
		EchodProcess echod = EchodProcess.administered(arguments);
		this.resources.add(echod);
		return echod;
	}

	private AdminClient admin(EchodProcess echod) {
		AdminClient admin = new AdminClient(echod.adminPort());
		this.resources.add(admin);
		return admin;
	}

	/**
	 * A client that has had its first reply.
	 */
	private TestClient connect(EchodProcess echod) throws IOException {
		TestClient client = new TestClient(echod.port());
		this.resources.add(client);
		assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
		return client;
	}

	private static HttpResponse<String> drain(AdminClient admin, String body) throws Exception {
		HttpResponse<String> started = admin.call(OPERATOR, "POST", "drain", body);
		assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
		return started;
	}

	private static void awaitState(AdminClient admin, String state) {
		await().atMost(Duration.ofSeconds(30)).until(() -> admin.<String>read("drain", "$.state").equals(state));
	}

	private static void assertRefused(EchodProcess echod) {
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new TestClient(echod.port()).close());
	}

	private static void assertReset(TestClient client) {
		assertThatExceptionOfType(SocketException.class).isThrownBy(client::receiveToEnd)
			.withMessageContaining("reset");
	}

	@Tag("long")
	@Test
	void twoThousandClientsUnderLoadLoseNothingWhenAnOperatorDrains() throws Exception {
		EchodProcess echod = start();
		AdminClient admin = admin(echod);
		Crowd crowd = new Crowd(echod.port(), 2_000);
		crowd.awaitConnected();
		drain(admin, "{\"deadline\":\"20s\",\"quiet\":\"2s\",\"reason\":\"maintenance\"}");
		awaitState(admin, "DRAINING");
		assertThat(admin.call(OPERATOR, "POST", "drain", "{}").statusCode()).isEqualTo(409);
		crowd.drainHasBegun();
		crowd.awaitEnd();
		awaitState(admin, "DRAINED");
		Map<String, Object> progress = admin.read("drain", "$.progress");
		int closedByClient = admin.read("drain", "$.progress.closedByClient");
		int closedByUs = admin.read("drain", "$.progress.closedByUs");
		assertThat(progress).containsEntry("initial", 2_000).containsEntry("remaining", 0).containsEntry("reset", 0);
		assertThat(closedByClient + closedByUs).isEqualTo(2_000);
		assertThat(closedByClient).isGreaterThanOrEqualTo(500);
		assertThat(admin.<String>read("drain", "$.outcome")).isEqualTo("CLEAN");
		assertThat(admin.<String>read("drain", "$.plan.reason")).isEqualTo("maintenance");
		assertThat(admin.meter("echod_connections_closed_total{listener=\"echo\",reason=\"DRAINED\"}"))
			.isEqualTo(closedByUs);
		assertThat(admin.meter("echod_drain_state{state=\"DRAINED\"}")).isEqualTo(1);
	}

	@Test
	void twoThousandClientsUnderLoadLoseNothingAtSigterm() throws Exception {
		EchodProcess echod = start("--echod.drain.quiet=2s", "--echod.drain.deadline=20s");
		AdminClient admin = admin(echod);
		Crowd crowd = new Crowd(echod.port(), 2_000);
		crowd.awaitConnected();
		echod.terminate();
		awaitState(admin, "DRAINING");
		assertThat(admin.call(NOBODY, "GET", "health/liveness", "").body()).contains("\"UP\"");
		HttpResponse<String> readiness = admin.call(NOBODY, "GET", "health/readiness", "");
		assertThat(readiness.statusCode()).isEqualTo(503);
		assertThat(JsonPath.<String>read(readiness.body(), "$.status")).isEqualTo("OUT_OF_SERVICE");
		assertThat(admin.meter("echod_drain_remaining")).isPositive();
		assertThat(admin.call(OPERATOR, "DELETE", "drain", "").statusCode()).isEqualTo(409);
		crowd.drainHasBegun();
		crowd.awaitEnd();
		assertThat(echod.awaitExit()).as(echod.output()).isZero();
		assertThat(echod.output()).contains("Drain CLEAN", "of 2000 connections", "0 reset, 0 cut off, 0 left");
	}

	@Test
	void processEndsWithinASecondOfTheLastClose() throws Exception {
		EchodProcess echod = start();
		AdminClient admin = admin(echod);
		TestClient client = connect(echod);
		drain(admin, "{\"quiet\":\"1h\",\"deadline\":\"1h\",\"then\":\"shutdown\"}");
		awaitState(admin, "DRAINING");
		assertThat(client.send(new byte[] { 2 }).receive(1)).containsExactly(2);
		client.close();
		long closed = System.nanoTime();
		assertThat(echod.awaitExit()).isZero();
		assertThat(Duration.ofNanos(System.nanoTime() - closed)).isLessThan(Duration.ofSeconds(1));
	}

	/**
	 * One waits for a peer that does not answer, the other for its own client.
	 */
	@Tag("long")
	@Test
	void requestsThatAreNotOverDelayTheEndBySecondsOnly() throws Exception {
		EchodProcess echod = start();
		AdminClient admin = admin(echod);
		try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				TestClient half = new TestClient(echod.adminPort());
				ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
			half.send(String
				.join("\r\n", "POST /actuator/drain HTTP/1.1", "Host: localhost",
						"Authorization: Basic b3BlcmF0b3I6c2VjcmV0", "Content-Type: application/json",
						"Content-Length: 100", "", "{")
				.getBytes(StandardCharsets.US_ASCII));
			calls.submit(() -> admin.call(OPERATOR, "POST", "probe",
					"{\"host\":\"127.0.0.1\",\"port\":%d,\"timeout\":\"1m\"}".formatted(mute.getLocalPort())));
			try (Socket probe = mute.accept()) {
				assertThat(probe.getInputStream().readNBytes(4)).asString(StandardCharsets.US_ASCII).isEqualTo("ping");
				echod.terminate();
				long signalled = System.nanoTime();
				assertThat(echod.awaitExit()).as(echod.output()).isZero();
				assertThat(Duration.ofNanos(System.nanoTime() - signalled)).isLessThan(Duration.ofSeconds(8));
			}
		}
	}

	@Test
	void announcedServesAndDrainingRefuses() throws Exception {
		EchodProcess echod = start();
		AdminClient admin = admin(echod);
		drain(admin, "{\"announce\":\"8s\",\"deadline\":\"20s\",\"quiet\":\"20s\"}");
		assertThat(admin.<String>read("drain", "$.state")).isEqualTo("ANNOUNCED");
		assertThat(admin.call(NOBODY, "GET", "health/readiness", "").statusCode()).isEqualTo(503);
		TestClient late = connect(echod);
		awaitState(admin, "DRAINING");
		assertRefused(echod);
		assertThat(late.send(new byte[] { 2 }).receive(1)).containsExactly(2);
	}

	@Test
	void deadlineResetsTheRestAndTheExitCodeTells() throws Exception {
		EchodProcess echod = start();
		AdminClient admin = admin(echod);
		TestClient quiet = connect(echod);
		TestClient deaf = connect(echod);
		TestClient unending = connect(echod);
		byte[] much = new byte[8_000_000];
		Thread sender = Thread.startVirtualThread(() -> {
			try {
				unending.send(much);
			}
			catch (IOException ex) {
				// Reset, as is to be seen below.
			}
		});
		drain(admin, "{\"quiet\":\"100ms\",\"deadline\":\"6s\",\"then\":\"shutdown\"}");
		assertThat(quiet.receiveToEnd()).isEmpty();
		quiet.close();
		assertThat(deaf.receiveToEnd()).isEmpty();
		assertThat(echod.awaitExit()).isEqualTo(Drain.FORCED_EXIT_CODE);
		assertReset(unending);
		sender.join();
		assertThat(echod.output()).contains("Drain FORCED",
				"of 3 connections 0 closed by the client, 1 by us, 2 reset, 0 cut off, 0 left");
	}

	@Tag("long")
	@Test
	@EnabledOnOs(OS.LINUX)
	void peerThatHasVanishedIsWaitedForNoLongerThanTheDeadline() throws Exception {
		try (FarMachine machine = FarMachine.start()) {
			EchodProcess echod = start();
			AdminClient admin = admin(echod);
			Process client = machine.connect(echod.port());
			client.getOutputStream().write(7);
			client.getOutputStream().flush();
			assertThat(client.getInputStream().read()).isEqualTo(7);
			machine.vanish();
			drain(admin, "{\"quiet\":\"100ms\",\"deadline\":\"2s\",\"then\":\"shutdown\"}");
			assertThat(echod.awaitExit()).isEqualTo(Drain.FORCED_EXIT_CODE);
			assertThat(echod.output()).containsPattern("Drain FORCED after [23]\\d{3} ms")
				.contains("of 1 connections 0 closed by the client, 0 by us, 1 reset");
		}
	}

	@Test
	void cancelListensAgainAndLeavesOpenConnectionsAlone() throws Exception {
		EchodProcess echod = start();
		AdminClient admin = admin(echod);
		assertThat(admin.call(OPERATOR, "DELETE", "drain", "").statusCode()).isEqualTo(409);
		TestClient client = connect(echod);
		drain(admin, "{\"quiet\":\"1m\",\"deadline\":\"1m\",\"then\":\"shutdown\"}");
		awaitState(admin, "DRAINING");
		assertRefused(echod);
		HttpResponse<String> resumed = admin.call(OPERATOR, "POST", "listeners/echo", "{\"state\":\"ACCEPTING\"}");
		assertThat(resumed.statusCode()).isEqualTo(409);
		HttpResponse<String> cancelled = admin.call(OPERATOR, "DELETE", "drain", "");
		assertThat(cancelled.statusCode()).isEqualTo(200);
		assertThat(JsonPath.<String>read(cancelled.body(), "$.state")).isEqualTo("SERVING");
		assertThat(JsonPath.<String>read(cancelled.body(), "$.outcome")).isEqualTo("CANCELLED");
		connect(echod);
		assertThat(client.send(new byte[] { 3 }).receive(1)).containsExactly(3);
		HttpResponse<String> readiness = admin.call(NOBODY, "GET", "health/readiness", "");
		assertThat(JsonPath.<String>read(readiness.body(), "$.status")).isEqualTo("UP");
	}

	@Tag("long")
	@Test
	void drainedServiceServesAgainWhenTheDrainIsTakenBack() throws Exception {
		EchodProcess echod = start();
		AdminClient admin = admin(echod);
		drain(admin, "{}");
		awaitState(admin, "DRAINED");
		assertRefused(echod);
		assertThat(admin.call(OPERATOR, "DELETE", "drain", "").statusCode()).isEqualTo(200);
		connect(echod);
		assertThat(admin.<String>read("drain", "$.outcome")).isEqualTo("CLEAN");
	}

	@Tag("long")
	@Test
	void closesArePaced() throws Exception {
		EchodProcess echod = start();
		AdminClient admin = admin(echod);
		CountDownLatch connected = new CountDownLatch(1_000);
		Thread clients = Thread.startVirtualThread(() -> {
			try {
				TestClient.inParallel(1_000, (number) -> {
					try (TestClient client = new TestClient(echod.port())) {
						client.send(new byte[] { 1 }).receive(1);
						connected.countDown();
						client.receiveToEnd();
					}
				});
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		assertThat(connected.await(30, TimeUnit.SECONDS)).isTrue();
		await().until(() -> admin.<Integer>read("connections?idleFor=1s", "$.matched") == 1_000);
		drain(admin, "{\"closesPerSecond\":100}");
		clients.join();
		awaitState(admin, "DRAINED");
		assertThat(admin.<String>read("drain", "$.outcome")).isEqualTo("CLEAN");
		Duration elapsed = Duration.parse(admin.read("drain", "$.progress.elapsed"));
		assertThat(elapsed).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(12));
	}

	@Test
	void secondSigtermDoesNotWait() throws Exception {
		EchodProcess echod = start("--echod.drain.quiet=1h", "--echod.drain.deadline=1h");
		AdminClient admin = admin(echod);
		TestClient client = connect(echod);
		echod.terminate();
		awaitState(admin, "DRAINING");
		assertThat(client.send(new byte[] { 2 }).receive(1)).containsExactly(2);
		echod.terminate();
		assertReset(client);
		assertThat(echod.awaitExit()).isEqualTo(Drain.FORCED_EXIT_CODE);
	}

	/**
	 * As Ctrl-C sends it.
	 */
	@Tag("long")
	@Test
	void sigintDrainsAsSigtermDoes() throws Exception {
		EchodProcess echod = EchodProcess.interruptible("--echod.drain.quiet=1h", "--echod.drain.deadline=1h");
		this.resources.add(echod);
		AdminClient admin = admin(echod);
		TestClient client = connect(echod);
		echod.interrupt();
		awaitState(admin, "DRAINING");
		assertRefused(echod);
		assertThat(client.send(new byte[] { 2 }).sendFin().receiveToEnd()).containsExactly(2);
		assertThat(echod.awaitExit()).as(echod.output()).isZero();
		assertThat(echod.output()).contains("Drain CLEAN");
	}

	@Tag("long")
	@Test
	void secondSigintDoesNotWait() throws Exception {
		EchodProcess echod = EchodProcess.interruptible("--echod.drain.quiet=1h", "--echod.drain.deadline=1h");
		this.resources.add(echod);
		AdminClient admin = admin(echod);
		TestClient client = connect(echod);
		echod.interrupt();
		awaitState(admin, "DRAINING");
		echod.interrupt();
		assertReset(client);
		assertThat(echod.awaitExit()).isEqualTo(Drain.FORCED_EXIT_CODE);
	}

	@Test
	void sigtermJoinsTheDrainThatRuns() throws Exception {
		EchodProcess echod = start("--echod.drain.quiet=1h", "--echod.drain.deadline=1s");
		AdminClient admin = admin(echod);
		TestClient client = connect(echod);
		drain(admin, "{\"announce\":\"1h\",\"deadline\":\"1h\",\"quiet\":\"1h\"}");
		echod.terminate();
		assertReset(client);
		assertThat(echod.awaitExit()).isEqualTo(Drain.FORCED_EXIT_CODE);
	}

	@Test
	void shutdownEndpointDrains() throws Exception {
		EchodProcess echod = start("--echod.drain.quiet=1h", "--echod.drain.deadline=1h");
		AdminClient admin = admin(echod);
		TestClient client = connect(echod);
		assertThat(admin.call(OPERATOR, "POST", "shutdown", "").statusCode()).isEqualTo(200);
		awaitState(admin, "DRAINING");
		assertThat(client.send(new byte[] { 2 }).sendFin().receiveToEnd()).containsExactly(2);
		assertThat(echod.awaitExit()).isZero();
		assertThat(echod.output()).contains("SHUTDOWN: {} by operator");
	}

}
