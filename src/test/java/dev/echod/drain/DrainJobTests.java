package dev.echod.drain;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ConnectionActivity;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.ConnectionState;
import dev.echod.connection.Endpoints;
import dev.echod.connection.OpenConnection;
import dev.echod.connection.ServedConnection;
import dev.echod.connection.Traffic;
import dev.echod.connection.Wire;
import dev.echod.listener.TestListener;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The times of a drain, by a clock that the test moves; the connections are real.
 */
class DrainJobTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);

	private final TestListener server = TestListener.start();

	private final ConnectionRegistry registry = this.server.registry();

	@AfterEach
	void stop() {
		this.server.close();
	}

	private DrainJob drain(Duration announce, Duration quiet, Duration deadline) {
		return drain(new DrainPlan(announce, quiet, deadline, 0, false, "a test"));
	}

	private DrainJob drain(DrainPlan plan) {
		DrainJob job = new DrainJob(plan, this.registry, () -> {
		}, this.clock::get);
		this.registry.onClosed(job::closed);
		job.start();
		return job;
	}

	private TestClient connect() throws IOException {
		TestClient client = new TestClient(this.server.port());
		assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
		return client;
	}

	@Test
	void deadlineIsCountedFromTheEndOfTheAnnouncement() throws Exception {
		try (TestClient client = connect()) {
			DrainJob job = drain(HOUR, HOUR, HOUR);
			this.clock.addAndGet(HOUR.toNanos() - 1);
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(job.state()).isEqualTo(DrainState.ANNOUNCED);
			this.clock.addAndGet(HOUR.toNanos());
			await().until(() -> job.state() == DrainState.DRAINING);
			assertThat(client.send(new byte[] { 2 }).receive(1)).containsExactly(2);
			assertThat(job.outcome()).isNotDone();
			this.clock.addAndGet(2);
			assertThat(job.outcome().get(10, TimeUnit.SECONDS)).isEqualTo(DrainOutcome.FORCED);
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::receiveToEnd);
			assertThat(job.status().progress()).returns(1L, DrainProgress::initial)
				.returns(1L, DrainProgress::reset)
				.returns(0L, DrainProgress::remaining)
				.returns(HOUR.multipliedBy(2).plusNanos(1), DrainProgress::elapsed);
		}
	}

	@Test
	void connectionThatOwesIsNotQuiet() throws Exception {
		byte[] much = TestClient.randomBytes(1, 32_000_000);
		try (TestClient client = connect()) {
			Thread sender = Thread.startVirtualThread(() -> {
				try {
					client.send(much);
				}
				catch (IOException ex) {
					throw new java.io.UncheckedIOException(ex);
				}
			});
			Duration quiet = Duration.ofMillis(500);
			OpenConnection connection = this.registry.connections().iterator().next();
			await().until(() -> connection.isOwing() && connection.idleFor().compareTo(quiet.multipliedBy(2)) > 0);
			DrainJob job = drain(Duration.ZERO, quiet, HOUR);
			await().until(() -> job.state() == DrainState.DRAINING);
			TestClient.assertSame(client.receive(much.length), much);
			sender.join();
			assertThat(client.receiveToEnd()).isEmpty();
			client.sendFin();
			assertThat(job.outcome().get(10, TimeUnit.SECONDS)).isEqualTo(DrainOutcome.CLEAN);
		}
	}

	@Test
	void whatComesAfterOurFinIsDiscardedUntilThePeersFin() throws Exception {
		try (TestClient client = connect()) {
			DrainJob job = drain(Duration.ZERO, Duration.ZERO, HOUR);
			assertThat(client.receiveToEnd()).isEmpty();
			client.send(TestClient.randomBytes(1, 1_000_000));
			assertThat(job.outcome()).isNotDone();
			client.sendFin();
			assertThat(job.outcome().get(10, TimeUnit.SECONDS)).isEqualTo(DrainOutcome.CLEAN);
			assertThat(job.status().progress()).returns(1L, DrainProgress::closedByUs);
		}
	}

	@Test
	void cancelledDrainLeavesItsConnectionsOpen() throws Exception {
		try (TestClient client = connect()) {
			DrainJob job = drain(Duration.ZERO, HOUR, HOUR);
			await().until(() -> job.state() == DrainState.DRAINING);
			assertThat(job.cancel()).isTrue();
			assertThat(job.outcome().get(10, TimeUnit.SECONDS)).isEqualTo(DrainOutcome.CANCELLED);
			assertThat(job.cancel()).isFalse();
			assertThat(client.send(new byte[] { 2 }).receive(1)).containsExactly(2);
			assertThat(job.status().progress()).returns(1L, DrainProgress::remaining);
		}
	}

	@Test
	void connectionThatIsCutOffMakesItForced() throws Exception {
		try (TestClient client = connect(); TestClient other = connect()) {
			DrainJob job = drain(Duration.ZERO, HOUR, HOUR);
			await().until(() -> job.state() == DrainState.DRAINING);
			this.registry.connections().iterator().next().reset(CloseReason.OPERATOR_RESET);
			await().until(() -> this.registry.connections().size() == 1);
			client.reset();
			other.reset();
			assertThat(job.outcome().get(10, TimeUnit.SECONDS)).isEqualTo(DrainOutcome.FORCED);
			assertThat(job.status().progress()).returns(2L, DrainProgress::initial)
				.returns(1L, DrainProgress::cut)
				.returns(0L, DrainProgress::reset)
				.returns(1L, DrainProgress::closedByClient);
		}
	}

	/**
	 * Among them slow readers and failed services.
	 */
	@ParameterizedTest
	@MethodSource("cuts")
	void eachReasonToCutAConnectionOffMakesItForced(CloseReason reason) throws Exception {
		try (TestClient client = connect()) {
			DrainJob job = drain(Duration.ZERO, HOUR, HOUR);
			await().until(() -> job.state() == DrainState.DRAINING);
			this.registry.connections().iterator().next().reset(reason);
			assertThat(job.outcome().get(10, TimeUnit.SECONDS)).isEqualTo(DrainOutcome.FORCED);
			assertThat(job.status().progress()).returns(1L, DrainProgress::cut).returns(0L, DrainProgress::reset);
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::receiveToEnd);
		}
	}

	static List<CloseReason> cuts() {
		List<CloseReason> apart = List.of(CloseReason.DRAIN_DEADLINE, CloseReason.HANDSHAKE_TIMEOUT,
				CloseReason.PROXY_INVALID, CloseReason.PROXY_UNTRUSTED);
		return Arrays.stream(CloseReason.values())
			.filter((reason) -> reason.isCut() && !apart.contains(reason))
			.toList();
	}

	/**
	 * It fails at its close, and at its reset, and others have theirs.
	 */
	@Test
	void connectionThatCannotBeClosedKeepsNoOtherOpen() throws Exception {
		AtomicInteger failures = new AtomicInteger();
		ServedConnection failing = failing(failures);
		this.registry.opened(failing);
		try (TestClient quiet = connect(); TestClient busy = connect()) {
			DrainJob job = drain(Duration.ZERO, Duration.ZERO, HOUR);
			assertThat(quiet.receiveToEnd()).isEmpty();
			assertThat(busy.receiveToEnd()).isEmpty();
			quiet.sendFin();
			await().until(() -> this.registry.connections().size() == 2);
			await().until(() -> failures.get() > 0);
			assertThat(failing.state()).isEqualTo(ConnectionState.OPEN);
			this.clock.addAndGet(HOUR.toNanos() + 1);
			await().until(() -> this.registry.connections().size() == 1);
			await().until(() -> failing.state() == ConnectionState.CLOSING);
			assertThat(job.outcome()).isNotDone();
			failing.ended(this.registry);
			assertThat(job.outcome().get(10, TimeUnit.SECONDS)).isEqualTo(DrainOutcome.FORCED);
			assertThat(job.status().progress()).returns(1L, DrainProgress::reset)
				.returns(2L, DrainProgress::closedByUs)
				.returns(0L, DrainProgress::remaining);
		}
	}

	private static ServedConnection failing(AtomicInteger failures) {
		Wire wire = (Wire) Proxy.newProxyInstance(Wire.class.getClassLoader(), new Class<?>[] { Wire.class },
				(proxy, method, args) -> switch (method.getName()) {
					case "execute" -> {
						failures.incrementAndGet();
						throw new StackOverflowError("as the test wants it");
					}
					case "isHeldBack" -> false;
					case "nanoTime", "pendingBytes", "memoryBytes", "taken" -> 0L;
					default -> null;
				});
		InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
		return new ServedConnection("failing-1", "failing", new Endpoints(nobody, nobody), wire,
				new ConnectionActivity(Traffic.unknown(), 0));
	}

	@ParameterizedTest
	@EnumSource(names = { "HANDSHAKE_TIMEOUT", "PROXY_INVALID", "PROXY_UNTRUSTED" })
	void connectionThatWasNeverReadyDoesNotMakeItForced(CloseReason reason) throws Exception {
		try (TestClient client = connect()) {
			Endpoints endpoints = this.registry.connections().iterator().next().endpoints();
			DrainJob job = drain(Duration.ZERO, HOUR, HOUR);
			await().until(() -> job.state() == DrainState.DRAINING);
			this.registry.failed(ClosedConnection.neverReady("id", "listener", endpoints, System.nanoTime(), reason));
			client.reset();
			assertThat(job.outcome().get(10, TimeUnit.SECONDS)).isEqualTo(DrainOutcome.CLEAN);
			assertThat(job.status().progress()).returns(0L, DrainProgress::cut).returns(1L, DrainProgress::closedByUs);
		}
	}

	@Test
	void shutdownThatJoinsItTakesTheShorterTimesAndTellsThem() throws Exception {
		try (TestClient client = connect()) {
			DrainJob job = drain(HOUR, HOUR, HOUR);
			assertThat(job.status().progress()).returns(HOUR.multipliedBy(2), DrainProgress::timeLeft);
			job.join(new DrainPlan(Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1), 0, true, null));
			assertThat(client.receiveToEnd()).isEmpty();
			assertThat(job.status().progress()).returns(Duration.ofMinutes(1), DrainProgress::timeLeft);
			assertThat(job.status().plan())
				.isEqualTo(new DrainPlan(Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1), 0, true, "a test"));
			client.sendFin();
			assertThat(job.outcome().get(10, TimeUnit.SECONDS)).isEqualTo(DrainOutcome.CLEAN);
			assertThat(job.status().progress()).returns(Duration.ZERO, DrainProgress::timeLeft);
		}
	}

	/**
	 * What is left of an old drain is told by what it was given last, as alerts compare
	 * the two.
	 */
	@Test
	void shutdownThatJoinsItLateGivesItItsOwnDeadlineAndALongerOneNothing() throws Exception {
		try (TestClient client = connect()) {
			DrainJob job = drain(Duration.ZERO, HOUR, HOUR);
			await().until(() -> job.state() == DrainState.DRAINING);
			this.clock.addAndGet(HOUR.dividedBy(2).toNanos());
			job.join(new DrainPlan(HOUR, HOUR, HOUR.multipliedBy(2), 0, true, null));
			assertThat(job.status().plan()).isEqualTo(new DrainPlan(Duration.ZERO, HOUR, HOUR, 0, true, "a test"));
			assertThat(job.status().progress()).returns(HOUR.dividedBy(2), DrainProgress::timeLeft);
			job.join(new DrainPlan(HOUR, HOUR, Duration.ofMinutes(1), 0, true, null));
			assertThat(job.status().plan()).returns(Duration.ofMinutes(1), DrainPlan::deadline);
			assertThat(job.status().progress()).returns(Duration.ofMinutes(1), DrainProgress::timeLeft);
			job.hurry(Duration.ZERO, Duration.ZERO);
			assertThat(job.status().plan()).returns(Duration.ZERO, DrainPlan::deadline);
			assertThat(job.outcome().get(10, TimeUnit.SECONDS)).isEqualTo(DrainOutcome.FORCED);
			assertThatExceptionOfType(SocketException.class).isThrownBy(client::receiveToEnd);
		}
	}

	/**
	 * The clock does not move, so that a pace lets nobody be closed.
	 */
	@Test
	void shutdownThatJoinsItTakesTheFasterPaceAndNotTheSlower() throws Exception {
		try (TestClient client = connect(); TestClient other = connect()) {
			DrainJob job = drain(new DrainPlan(Duration.ZERO, Duration.ZERO, HOUR, 2, false, null));
			await().until(() -> job.state() == DrainState.DRAINING);
			job.join(new DrainPlan(Duration.ZERO, Duration.ZERO, HOUR, 1, true, null));
			assertThat(job.status().plan()).returns(2, DrainPlan::closesPerSecond);
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(other.send(new byte[] { 2 }).receive(1)).containsExactly(2);
			job.join(new DrainPlan(Duration.ZERO, Duration.ZERO, HOUR, 0, true, null));
			assertThat(job.status().plan()).returns(0, DrainPlan::closesPerSecond);
			assertThat(client.receiveToEnd()).isEmpty();
			assertThat(other.receiveToEnd()).isEmpty();
			client.sendFin();
			other.sendFin();
			assertThat(job.outcome().get(10, TimeUnit.SECONDS)).isEqualTo(DrainOutcome.CLEAN);
		}
	}

}
