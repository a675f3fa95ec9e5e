package dev.echod.connection;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whom the watch cuts off, and whom not; the test moves the clock and looks itself.
 */
class WatchTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final RecordingWire wire = new RecordingWire();

	private final ServedConnection connection = new ServedConnection("echo-1", "echo",
			new Endpoints(InetSocketAddress.createUnresolved("peer", 1),
					InetSocketAddress.createUnresolved("local", 2)),
			this.wire, new ConnectionActivity(Traffic.unknown(), 0));

	private final List<ServedConnection> open = new ArrayList<>(List.of(this.connection));

	private final Set<Arrival> arrivals = new HashSet<>();

	private final Watch watch = new Watch(this.open, this.arrivals, stall(LIMIT), () -> Long.MAX_VALUE,
			this.wire::nanoTime);

	private static TimeLimits stall(Duration writeStall) {
		return new TimeLimits(writeStall, Duration.ZERO, Duration.ZERO, Duration.ZERO);
	}

	private void sweepEachSecond(int seconds) {
		for (int i = 0; i < seconds; i++) {
			this.watch.sweep();
			this.wire.pass(SECOND);
		}
	}

	@Test
	void peerThatTakesNothingIsResetAfterTheLimit() {
		this.wire.pendingBytes = 100;
		sweepEachSecond(10);
		assertThat(this.wire.told()).isEmpty();
		this.watch.sweep();
		assertThat(this.wire.told()).containsExactly("reset");
		assertThat(this.connection.state()).isEqualTo(ConnectionState.CLOSING);
		assertThat(this.connection.life().ended()).isEqualTo(CloseReason.SLOW_READER);
	}

	@Test
	void peerThatTakesLittleIsKept() {
		this.wire.pendingBytes = 100;
		for (int i = 0; i < 20; i++) {
			sweepEachSecond(9);
			this.wire.taken++;
		}
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void peerThatTakesAByteIsGivenTheWholeLimitAgain() {
		this.wire.pendingBytes = 100;
		sweepEachSecond(10);
		this.wire.taken++;
		sweepEachSecond(10);
		assertThat(this.wire.told()).isEmpty();
		this.watch.sweep();
		assertThat(this.wire.told()).containsExactly("reset");
	}

	@Test
	void peerThatCaughtUpIsForgotten() {
		this.wire.pendingBytes = 100;
		sweepEachSecond(9);
		this.wire.pendingBytes = 0;
		sweepEachSecond(1);
		this.wire.pendingBytes = 100;
		sweepEachSecond(10);
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void peerThatCaughtUpBeforeItWasLookedAtIsForgotten() {
		this.wire.pendingBytes = 100;
		sweepEachSecond(10);
		this.wire.queue();
		this.watch.sweep();
		this.wire.pendingBytes = 0;
		this.wire.runQueued();
		this.wire.pendingBytes = 100;
		sweepEachSecond(1);
		assertThat(this.wire.told()).isEmpty();
	}

	@Tag("long")
	@Test
	void sweepThatCannotEvenBeToldToHaveFailedIsNotTheLast() throws Exception {
		CountDownLatch sweeps = new CountDownLatch(2);
		Watch failing = new Watch(this.open, this.arrivals, stall(LIMIT), () -> {
			sweeps.countDown();
			throw new OutOfMemoryError() {

				private static final long serialVersionUID = 1;

				@Override
				public String getMessage() {
					throw new OutOfMemoryError("for the line as well");
				}

			};
		}, this.wire::nanoTime);
		failing.start("failing");
		try {
			assertThat(sweeps.await(20, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			failing.stop();
		}
	}

	@Test
	void connectionThatOwesNothingIsNotLookedAt() {
		sweepEachSecond(20);
		assertThat(this.wire.executed()).isZero();
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void connectionThatIsGoneIsNotLookedAt() {
		this.wire.pendingBytes = 100;
		sweepEachSecond(5);
		this.open.clear();
		int before = this.wire.executed();
		sweepEachSecond(20);
		assertThat(this.wire.executed()).isEqualTo(before);
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void connectionThatClosesInOrderIsCutOffAsWell() {
		this.connection.close(CloseReason.OPERATOR_CLOSED);
		this.wire.pendingBytes = 100;
		Watch early = new Watch(this.open, this.arrivals, stall(SECOND), () -> Long.MAX_VALUE, this.wire::nanoTime);
		early.sweep();
		this.wire.pass(SECOND);
		early.sweep();
		assertThat(this.wire.told()).containsExactly("discard", "finish", "reset");
	}

	@Test
	void limitOfZeroIsNone() {
		Watch none = new Watch(this.open, this.arrivals, stall(Duration.ZERO), () -> Long.MAX_VALUE,
				this.wire::nanoTime);
		this.wire.pendingBytes = 100;
		none.start("echo");
		none.stop();
		assertThat(this.wire.executed()).isZero();
	}

	@Test
	void watchThatWasStoppedRemembersNobody() {
		this.wire.pendingBytes = 100;
		sweepEachSecond(10);
		this.watch.stop();
		this.watch.sweep();
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void limitThatChangesHoldsForThoseWhoAreThere() {
		this.wire.pendingBytes = 100;
		this.watch.limit(stall(Duration.ZERO));
		sweepEachSecond(20);
		this.watch.limit(stall(SECOND));
		sweepEachSecond(1);
		assertThat(this.wire.told()).isEmpty();
		this.watch.sweep();
		assertThat(this.wire.told()).containsExactly("reset");
	}

	private void limitIdle(Duration idle) {
		this.watch.limit(new TimeLimits(LIMIT, idle, Duration.ZERO, Duration.ZERO));
	}

	@Test
	void idleConnectionIsClosedInOrderAfterTheLimit() {
		limitIdle(LIMIT);
		sweepEachSecond(10);
		assertThat(this.wire.told()).isEmpty();
		this.watch.sweep();
		assertThat(this.wire.told()).containsExactly("discard", "finish");
		this.wire.finished(true);
		assertThat(this.wire.told()).containsExactly("fin");
		sweepEachSecond(1);
		// Its peer sends no FIN.
		assertThat(this.wire.told()).containsExactly("close");
		assertThat(this.connection.life().ended()).isEqualTo(CloseReason.IDLE_TIMEOUT);
	}

	@Test
	void connectionThatReadsOrWritesIsNotIdle() {
		limitIdle(LIMIT);
		for (int i = 0; i < 10; i++) {
			sweepEachSecond(9);
			this.connection.activity().received(1, this.wire.nanoTime());
			sweepEachSecond(9);
			this.connection.activity().sent(1, this.wire.nanoTime());
		}
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void connectionThatIsOwedSomethingIsNotIdle() {
		limitIdle(LIMIT);
		this.connection.life().owe();
		sweepEachSecond(30);
		this.connection.life().settle();
		sweepEachSecond(9);
		assertThat(this.wire.told()).isEmpty();
		sweepEachSecond(2);
		assertThat(this.wire.told()).containsExactly("discard", "finish");
	}

	/**
	 * All was handed over to be written long ago.
	 */
	@Test
	void peerThatTookTheLastOfAReplyIsGivenTheWholeLimit() {
		limitIdle(LIMIT);
		this.wire.pendingBytes = 100;
		for (int i = 0; i < 30; i++) {
			this.wire.taken++;
			sweepEachSecond(1);
		}
		this.wire.pendingBytes = 0;
		sweepEachSecond(9);
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void connectionThatIsHeldBackIsNotIdle() {
		limitIdle(LIMIT);
		this.wire.heldBack = true;
		sweepEachSecond(30);
		assertThat(this.wire.told()).isEmpty();
	}

	@Test
	void connectionThatHasSaidSomethingBeforeItWasLookedAtIsNotIdle() {
		limitIdle(LIMIT);
		sweepEachSecond(10);
		this.wire.queue();
		this.watch.sweep();
		this.connection.activity().received(1, this.wire.nanoTime());
		this.wire.runQueued();
		assertThat(this.wire.told()).isEmpty();
		assertThat(this.connection.state()).isEqualTo(ConnectionState.OPEN);
	}

	@Test
	void connectionThatClosesAlreadyKeepsItsReason() {
		this.connection.close(CloseReason.OPERATOR_CLOSED);
		this.wire.told();
		limitIdle(SECOND);
		sweepEachSecond(5);
		assertThat(this.wire.told()).isEmpty();
		assertThat(this.connection.life().ended()).isEqualTo(CloseReason.OPERATOR_CLOSED);
	}

	@Test
	void connectionThatIsOldIsClosedWhenItIsAnsweredOrAfterTenSeconds() {
		long start = System.nanoTime();
		Watch old = new Watch(this.open, this.arrivals,
				new TimeLimits(Duration.ZERO, Duration.ZERO, Duration.ofHours(1), Duration.ZERO), () -> Long.MAX_VALUE,
				() -> start + this.wire.nanoTime());
		this.connection.life().owe();
		this.wire.pass(Duration.ofMinutes(53));
		old.sweep();
		assertThat(this.wire.told()).isEmpty();
		this.wire.pass(Duration.ofMinutes(7).plus(SECOND));
		old.sweep();
		assertThat(this.wire.told()).containsExactly("discard");
		this.connection.life().settle();
		assertThat(this.wire.told()).containsExactly("finish");
		this.wire.pass(Duration.ofSeconds(ConnectionLife.FLUSH_SECONDS));
		assertThat(this.wire.told()).containsExactly("close");
		assertThat(this.connection.life().ended()).isEqualTo(CloseReason.MAX_AGE);
	}

	@Test
	void thoseThatCameTogetherDoNotLeaveTogether() {
		Duration most = Duration.ofHours(1);
		int[] tenths = new int[10];
		for (int i = 0; i < 1_000; i++) {
			String id = "echo-" + Integer.toHexString(i);
			long lifetime = Lifetime.of(id, most.toNanos());
			assertThat(lifetime).isEqualTo(Lifetime.of(id, most.toNanos()))
				.isBetween(Duration.ofMinutes(54).toNanos(), most.toNanos());
			tenths[(int) Math.min(9, (most.toNanos() - lifetime) / Duration.ofSeconds(36).toNanos())]++;
		}
		for (int count : tenths) {
			assertThat(count).isBetween(50, 150);
		}
	}

	@Test
	void whoIsNotReadyInTimeExpires() {
		List<String> told = new ArrayList<>();
		this.arrivals.add(arrival("early", this.wire.nanoTime(), told));
		this.watch.limit(new TimeLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, SECOND.multipliedBy(3)));
		this.wire.pass(SECOND);
		this.arrivals.add(arrival("late", this.wire.nanoTime(), told));
		this.wire.pass(SECOND.multipliedBy(2).minusNanos(1));
		this.watch.sweep();
		assertThat(told).isEmpty();
		this.wire.pass(Duration.ofNanos(1));
		this.watch.sweep();
		assertThat(told).containsExactly("early");
	}

	@Test
	void whoIsNotReadyIsWaitedForWithoutALimit() {
		List<String> told = new ArrayList<>();
		this.arrivals.add(arrival("patient", this.wire.nanoTime(), told));
		this.wire.pass(Duration.ofDays(1));
		this.watch.sweep();
		assertThat(told).isEmpty();
	}

	private static Arrival arrival(String name, long acceptedNanos, List<String> told) {
		return new Arrival() {

			@Override
			public long acceptedNanos() {
				return acceptedNanos;
			}

			@Override
			public void expire() {
				told.add(name);
			}

			@Override
			public void end(CloseReason reason) {
				throw new IllegalStateException();
			}

		};
	}

}
