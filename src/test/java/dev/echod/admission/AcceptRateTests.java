package dev.echod.admission;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How many may come when; the time is the test's, and begins at one that overflows.
 */
class AcceptRateTests {

	private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	/**
	 * Takes as many as may come at once.
	 */
	private static int takeAll(AcceptRate rate, long now) {
		int taken = 0;
		while (rate.waitNanos(now) == 0) {
			rate.take(now);
			taken++;
		}
		return taken;
	}

	@Test
	void oneASecondComesOnceASecond() {
		AcceptRate rate = new AcceptRate(1, START);
		for (int second = 0; second < 5; second++) {
			assertThat(takeAll(rate, START + second * SECOND)).isEqualTo(1);
			assertThat(rate.waitNanos(START + second * SECOND + SECOND / 4)).isEqualTo(SECOND * 3 / 4);
		}
	}

	@Test
	void tenthOfASecondsWorthMayComeAtOnce() {
		AcceptRate rate = new AcceptRate(1_000, START);
		assertThat(takeAll(rate, START)).isEqualTo(100);
		assertThat(rate.waitNanos(START)).isEqualTo(SECOND / 1_000);
		assertThat(takeAll(rate, START + SECOND / 100)).isEqualTo(10);
	}

	@Test
	void timeWithoutClientsIsNotSavedUp() {
		AcceptRate rate = new AcceptRate(50, START);
		assertThat(takeAll(rate, START)).isEqualTo(5);
		assertThat(takeAll(rate, START + 3_600 * SECOND)).isEqualTo(5);
	}

	@Test
	void whatCameTogetherIsWaitedForAfterwards() {
		AcceptRate rate = new AcceptRate(10, START);
		for (int i = 0; i < 16; i++) {
			rate.take(START);
		}
		assertThat(rate.waitNanos(START)).isEqualTo(SECOND * 16 / 10);
		assertThat(takeAll(rate, START + SECOND * 16 / 10)).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 7, 100, 20_000, 700_000, 1_000_000 })
	void rateHoldsInTheLongRun(int perSecond) {
		AcceptRate rate = new AcceptRate(perSecond, START);
		long taken = 0;
		for (int step = 0; step < 10_000; step++) {
			taken += takeAll(rate, START + step * SECOND / 1_000);
		}
		// Ten seconds, and what may come at once.
		assertThat(taken).isBetween(10L * perSecond - 1, (long) (10.12 * perSecond) + 1);
	}

}
