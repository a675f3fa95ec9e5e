package dev.echod.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.echod.testing.TestClient;
import dev.echod.transport.EchoServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Closing many, by a clock that the test moves; the connections are real.
 */
@Timeout(120)
class BulkCloseTests {

	private static final ConnectionFilter EVERYBODY = new ConnectionFilter(null, AddressRange.of("127.0.0.0/8"), null,
			null, null);

	/**
	 * What a pace of 100 a second and one of 4 a second make whole numbers of.
	 */
	private static final Duration STEP = Duration.ofMillis(250);

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);

	private final EchoServer server = EchoServer.start(EchoServer.engines().getFirst());

	private final ConnectionRegistry registry = this.server.registry();

	private final BulkClose bulkClose = new BulkClose(new OpenConnections(this.registry), this.registry,
			this.clock::get);

	private final List<TestClient> clients = new ArrayList<>();

	private final ExecutorService followers = Executors.newVirtualThreadPerTaskExecutor();

	private final AtomicInteger fins = new AtomicInteger();

	@AfterEach
	void stop() throws IOException {
		for (TestClient client : this.clients) {
			client.close();
		}
		this.followers.close();
		this.server.close();
	}

	/**
	 * Clients that are silent, and follow the service's FIN.
	 */
	private void connect(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			TestClient client = new TestClient(this.server.port());
			client.socket().setSoTimeout(0);
			this.clients.add(client);
			this.followers.submit(() -> {
				if (client.in().read() < 0) {
					this.fins.incrementAndGet();
				}
				client.close();
				return null;
			});
		}
		await().until(() -> this.registry.connections().size() == count);
	}

	private BulkCloseStatus close(CloseMode mode, @Nullable Integer closesPerSecond) {
		return this.bulkClose.close(new BulkCloseRequest(EVERYBODY, mode, closesPerSecond, null, false, null));
	}

	private void step() {
		this.clock.addAndGet(STEP.toNanos());
	}

	@Tag("long")
	@Test
	void twoThousandClientsAreSentAwayAHundredASecond() throws IOException {
		connect(2_000);
		BulkCloseStatus started = close(CloseMode.GRACEFUL, null);
		assertThat(started).returns(BulkCloseState.RUNNING, BulkCloseStatus::state)
			.returns(2_000, BulkCloseStatus::waiting);
		assertThat(started.plan()).isEqualTo(new BulkClosePlan(EVERYBODY, CloseMode.GRACEFUL, 2_000, 100, null))
			.returns(Duration.ofSeconds(20), BulkClosePlan::takes);
		for (int gone = 25; gone <= 1_000; gone += 25) {
			step();
			int expected = gone;
			await().until(() -> this.fins.get() == expected);
		}
		// What was not used is not made up for.
		this.clock.addAndGet(Duration.ofHours(1).toNanos());
		await().until(() -> this.fins.get() == 1_025);
		for (int gone = 1_050; gone <= 2_000; gone += 25) {
			step();
			int expected = gone;
			await().until(() -> this.fins.get() == expected);
		}
		assertThat(this.bulkClose.status()).returns(BulkCloseState.DONE, BulkCloseStatus::state)
			.returns(2_000, BulkCloseStatus::closed)
			.returns(0, BulkCloseStatus::waiting);
		await().until(() -> this.registry.connections().isEmpty());
	}

	@ParameterizedTest
	@CsvSource({ "GRACEFUL,100,,0,0", "GRACEFUL,101,,100,1010", "GRACEFUL,10000,,100,100000", "GRACEFUL,10000,0,0,0",
			"GRACEFUL,10,3,3,3334", "RESET,10000,,0,0", "RESET,10000,50,50,200000" })
	void manyAreClosedInOrderAtAPaceUnlessSomebodySaysOtherwise(CloseMode mode, int matched, @Nullable Integer asked,
			int closesPerSecond, long takesMillis) {
		BulkClosePlan plan = BulkClosePlan.of(new BulkCloseRequest(EVERYBODY, mode, asked, null, false, null), matched);
		assertThat(plan).returns(closesPerSecond, BulkClosePlan::closesPerSecond)
			.returns(Duration.ofMillis(takesMillis), BulkClosePlan::takes);
	}

	@Test
	void dryRunSaysWhatWouldBeAndClosesNobody() throws IOException {
		connect(3);
		BulkCloseStatus planned = this.bulkClose
			.close(new BulkCloseRequest(EVERYBODY, CloseMode.GRACEFUL, 2, 3, true, null));
		assertThat(planned).returns(BulkCloseState.PLANNED, BulkCloseStatus::state).returns(0, BulkCloseStatus::closed);
		assertThat(planned.plan()).returns(3, BulkClosePlan::matched)
			.returns(Duration.ofMillis(1_500), BulkClosePlan::takes);
		assertThat(this.bulkClose.status().state()).isEqualTo(BulkCloseState.IDLE);
		assertThat(this.registry.connections()).hasSize(3)
			.allMatch((connection) -> connection.state() == ConnectionState.OPEN);
	}

	@Test
	void unexpectedNumberOrNoFilterClosesNobody() throws IOException {
		connect(2);
		assertThatExceptionOfType(CloseRefusedException.class)
			.isThrownBy(
					() -> this.bulkClose.close(new BulkCloseRequest(EVERYBODY, CloseMode.RESET, null, 3, false, null)))
			.withMessage("2 connections match, not 3; none was closed");
		assertThatIllegalArgumentException().isThrownBy(
				() -> this.bulkClose.close(new BulkCloseRequest(new ConnectionFilter(null, null, null, null, null),
						CloseMode.RESET, null, null, false, null)));
		assertThat(this.registry.connections()).hasSize(2);
	}

	@ParameterizedTest
	@EnumSource(CloseMode.class)
	void connectionThatCannotBeClosedKeepsNoOtherOpen(CloseMode mode) throws IOException {
		InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
		AtomicInteger failures = new AtomicInteger();
		RecordingWire wire = new RecordingWire() {

			@Override
			public void execute(Runnable action) {
				failures.incrementAndGet();
				throw new StackOverflowError("as the test wants it");
			}

		};
		for (String id : List.of("failing-1", "failing-2")) {
			this.registry.opened(new ServedConnection(id, "failing", new Endpoints(nobody, nobody), wire,
					new ConnectionActivity(Traffic.unknown(), 0)));
		}
		for (int i = 0; i < 3; i++) {
			this.clients.add(new TestClient(this.server.port()));
		}
		await().until(() -> this.registry.connections().size() == 5);
		BulkCloseStatus closed = close(mode, 0);
		assertThat(closed).returns(BulkCloseState.DONE, BulkCloseStatus::state).returns(5, BulkCloseStatus::closed);
		for (TestClient client : this.clients) {
			client.close();
		}
		await().until(() -> this.registry.connections().size() == 2);
		assertThat(this.registry.closedConnections()).hasSize(3)
			.allMatch((each) -> each
				.reason() == ((mode == CloseMode.RESET) ? CloseReason.OPERATOR_RESET : CloseReason.OPERATOR_CLOSED));
		assertThat(failures).hasValue(2);
	}

	@Test
	void whoIsCalledOffFromIsLeftAlone() throws IOException {
		connect(10);
		close(CloseMode.GRACEFUL, 4);
		step();
		await().until(() -> this.fins.get() == 1);
		assertThat(this.bulkClose.cancel()).returns(BulkCloseState.CANCELLED, BulkCloseStatus::state)
			.returns(1, BulkCloseStatus::closed)
			.returns(9, BulkCloseStatus::waiting)
			.returns(STEP, BulkCloseStatus::elapsed);
		this.clock.addAndGet(Duration.ofHours(1).toNanos());
		assertThatExceptionOfType(CloseRefusedException.class).isThrownBy(this.bulkClose::cancel);
		assertThat(this.bulkClose.status().elapsed()).isEqualTo(STEP);
		await().until(() -> this.registry.connections().size() == 9);
		assertThat(this.registry.connections()).allMatch((connection) -> connection.state() == ConnectionState.OPEN);
		assertThat(this.fins).hasValue(1);
	}

	@Test
	void thereIsOnePacedCloseAtATimeAndOneAtOnceBesides() throws IOException {
		connect(5);
		close(CloseMode.GRACEFUL, 4);
		assertThatExceptionOfType(CloseRefusedException.class).isThrownBy(() -> close(CloseMode.RESET, 4))
			.withMessageContaining("running already");
		assertThat(close(CloseMode.GRACEFUL, 0)).returns(BulkCloseState.DONE, BulkCloseStatus::state)
			.returns(5, BulkCloseStatus::closed);
		await().until(() -> this.registry.connections().isEmpty());
		// Who is gone takes nobody's turn.
		step();
		await().until(() -> this.bulkClose.status().state() == BulkCloseState.DONE);
		assertThat(this.bulkClose.status()).returns(0, BulkCloseStatus::closed).returns(0, BulkCloseStatus::waiting);
		assertThat(close(CloseMode.GRACEFUL, 4)).returns(BulkCloseState.DONE, BulkCloseStatus::state);
	}

	@Test
	void drainEndsItAndNoneBeginsUntilTheServiceTakesTrafficAgain() throws IOException {
		connect(3);
		close(CloseMode.GRACEFUL, 4);
		this.bulkClose.drainBegins();
		assertThat(this.bulkClose.status()).returns(BulkCloseState.CANCELLED, BulkCloseStatus::state);
		assertThatExceptionOfType(CloseRefusedException.class).isThrownBy(() -> close(CloseMode.GRACEFUL, 4))
			.withMessageContaining("drained");
		this.bulkClose.drainEnds();
		assertThat(close(CloseMode.GRACEFUL, 4)).returns(BulkCloseState.RUNNING, BulkCloseStatus::state);
		this.bulkClose.cancel();
		assertThat(this.registry.connections()).hasSize(3);
	}

}
