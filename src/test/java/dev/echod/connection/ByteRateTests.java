package dev.echod.connection;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * How many bytes may come when; the time is the test's, and begins at one that overflows.
 */
class ByteRateTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private static final long START = Long.MAX_VALUE - SECOND;

	@ParameterizedTest
	@ValueSource(longs = { 1024, 100_000, 10L * 1024 * 1024 * 1024 })
	void whoWaitsAsToldComesToTheRate(long perSecond) {
		ByteRate rate = new ByteRate(perSecond, START);
		long now = START;
		long taken = 0;
		for (int i = 0; i < 1_000; i++) {
			now += rate.take(perSecond / 4, now);
			taken += perSecond / 4;
		}
		assertThat((taken - ByteRate.burst(perSecond)) * 1e9 / (now - START)).isCloseTo((double) perSecond,
				within(perSecond * 0.001));
	}

	@Test
	void tenthOfASecondsWorthMayComeAtOnce() {
		ByteRate rate = new ByteRate(100_000, START);
		assertThat(rate.take(10_000, START)).isZero();
		assertThat(rate.take(1_000, START)).isEqualTo(SECOND / 100);
	}

	@Test
	void kilobyteMayComeAtOnceHoweverSlowTheRate() {
		ByteRate rate = new ByteRate(1024, START);
		assertThat(rate.take(1024, START)).isZero();
		assertThat(rate.take(512, START)).isEqualTo(SECOND / 2);
	}

	@Test
	void whoWasSilentForLongMaySendNoMoreAtOnce() {
		ByteRate rate = new ByteRate(100_000, START);
		assertThat(rate.take(10_000, START + 3_600 * SECOND)).isZero();
		assertThat(rate.take(100_000, START + 3_600 * SECOND)).isEqualTo(SECOND);
	}

	@Test
	void askingTakesNothing() {
		ByteRate rate = new ByteRate(100_000, START);
		assertThat(rate.take(60_000, START)).isEqualTo(SECOND / 2);
		assertThat(rate.take(0, START + SECOND / 4)).isEqualTo(SECOND / 4);
		assertThat(rate.take(0, START + SECOND / 2)).isZero();
	}

	@Test
	void connectionIsHeldToTheSlowerOfItsRates() {
		ConnectionActivity activity = new ConnectionActivity(Traffic.unknown(), 0);
		activity.received(1_000_000, 0);
		ConnectionPace pace = new ConnectionPace(activity, new ByteRates(100_000, 20_000), START);
		assertThat(pace.mostAtOnce()).isEqualTo(2_000);
		assertThat(pace.waitNanos(START)).isZero();
		activity.received(10_000, 0);
		assertThat(pace.waitNanos(START)).isZero();
		activity.sent(12_000, 0);
		assertThat(pace.waitNanos(START)).isEqualTo(SECOND / 2);
		activity.received(100_000, 0);
		assertThat(pace.waitNanos(START)).isEqualTo(SECOND);
	}

}
