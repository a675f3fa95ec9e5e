package dev.echod.transport;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * What an event loop's heartbeat tells: with clocks that the test sets, and of event
 * loops that are busy and stuck.
 */
class HeartbeatTests {

	private long now = -3;

	private long cpu;

	private final Heartbeat heartbeat = new Heartbeat(() -> this.now, (thread) -> this.cpu);

	private void pass(long millis, long busyMillis) {
		this.now += TimeUnit.MILLISECONDS.toNanos(millis);
		this.cpu += TimeUnit.MILLISECONDS.toNanos(busyMillis);
	}

	private void beatAfter(long millis, long busyMillis) {
		pass(millis, busyMillis);
		this.heartbeat.beat();
	}

	@Test
	void lagIsTheMostOfAMinute() {
		assertThat(this.heartbeat.lag()).isZero();
		beatAfter(1_700, 0);
		assertThat(this.heartbeat.lag()).isEqualTo(Duration.ofMillis(700));
		beatAfter(1_200, 0);
		for (int i = 0; i < 58; i++) {
			beatAfter(1_000, 0);
		}
		assertThat(this.heartbeat.lag()).isEqualTo(Duration.ofMillis(700));
		beatAfter(1_000, 0);
		assertThat(this.heartbeat.lag()).isEqualTo(Duration.ofMillis(200));
		beatAfter(1_000, 0);
		assertThat(this.heartbeat.lag()).isZero();
	}

	@Test
	void lagGrowsWhileNothingRuns() {
		beatAfter(1_000, 0);
		pass(900, 0);
		assertThat(this.heartbeat.lag()).isZero();
		pass(4_100, 0);
		assertThat(this.heartbeat.lag()).isEqualTo(Duration.ofSeconds(4));
		assertThat(this.heartbeat.silence()).isEqualTo(Duration.ofSeconds(5));
	}

	@Test
	void latestLagIsThatOfTheLastBeatOrGrows() {
		assertThat(this.heartbeat.latestLag()).isZero();
		beatAfter(1_700, 0);
		assertThat(this.heartbeat.latestLag()).isEqualTo(Duration.ofMillis(700));
		beatAfter(1_010, 0);
		assertThat(this.heartbeat.latestLag()).isEqualTo(Duration.ofMillis(10));
		pass(1_005, 0);
		assertThat(this.heartbeat.latestLag()).isEqualTo(Duration.ofMillis(10));
		pass(4_000, 0);
		assertThat(this.heartbeat.latestLag()).isEqualTo(Duration.ofMillis(4_005));
	}

	@Test
	void utilisationIsOfTheLastTenSeconds() {
		for (int i = 0; i < 20; i++) {
			beatAfter(1_000, 900);
			assertThat(this.heartbeat.utilisation()).isCloseTo(0.9, within(1e-9));
		}
		for (int i = 9; i >= 0; i--) {
			beatAfter(1_000, 0);
			assertThat(this.heartbeat.utilisation()).isCloseTo(i * 0.09, within(1e-9));
		}
	}

	@Test
	void utilisationIsKnownWhileNothingElseRuns() {
		beatAfter(1_000, 0);
		pass(9_000, 9_000);
		assertThat(this.heartbeat.utilisation()).isCloseTo(0.9, within(1e-9));
		pass(10_000, 0);
		assertThat(this.heartbeat.utilisation()).isCloseTo(0.45, within(1e-9));
	}

	@Test
	void utilisationIsNoneBeforeTheFirstBeatAndAfterTheThreadsEnd() {
		pass(500, 500);
		assertThat(this.heartbeat.utilisation()).isZero();
		beatAfter(500, 500);
		assertThat(this.heartbeat.utilisation()).isEqualTo(1);
		this.cpu = -1;
		assertThat(this.heartbeat.utilisation()).isZero();
	}

	@Tag("long")
	@Test
	void eventLoopThatSpinsIsBusyAndOneThatWaitsIsLate() {
		CountDownLatch end = new CountDownLatch(1);
		try (EventLoops eventLoops = EventLoops.start(Transport.AUTO, 3)) {
			eventLoops.executors().get(1).execute(() -> {
				while (end.getCount() > 0) {
					Thread.onSpinWait();
				}
			});
			eventLoops.executors().get(2).execute(() -> {
				try {
					end.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			Heartbeat idle = eventLoops.heartbeats().get(0);
			Heartbeat busy = eventLoops.heartbeats().get(1);
			Heartbeat waiting = eventLoops.heartbeats().get(2);
			await().untilAsserted(() -> {
				assertThat(waiting.lag()).isGreaterThan(Duration.ofSeconds(2));
				assertThat(busy.lag()).isGreaterThan(Duration.ofSeconds(2));
			});
			end.countDown();
			await().untilAsserted(() -> assertThat(busy.utilisation()).isGreaterThan(0.1)
				.isGreaterThan(5 * Math.max(idle.utilisation(), waiting.utilisation())));
			assertThat(waiting.lag()).isGreaterThan(Duration.ofSeconds(2));
		}
	}

}
