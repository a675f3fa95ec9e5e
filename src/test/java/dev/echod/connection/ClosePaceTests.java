package dev.echod.connection;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClosePaceTests {

	private static int closeAll(ClosePace pace, long millis) {
		int allowed = pace.allowed(TimeUnit.MILLISECONDS.toNanos(millis));
		for (int i = 0; i < allowed; i++) {
			pace.closed();
		}
		return allowed;
	}

	@Test
	void zeroIsNoLimit() {
		assertThat(new ClosePace(0, 0).allowed(0)).isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void closesKeepThePace() {
		ClosePace pace = new ClosePace(15, 0);
		int closed = 0;
		for (int millis = 100; millis <= 10_000; millis += 100) {
			closed += closeAll(pace, millis);
		}
		assertThat(closed).isBetween(149, 150);
	}

	@Test
	void slowestPaceIsOneInASecond() {
		ClosePace pace = new ClosePace(1, 0);
		assertThat(closeAll(pace, 900)).isZero();
		assertThat(closeAll(pace, 1_000)).isOne();
		assertThat(closeAll(pace, 1_900)).isZero();
		assertThat(closeAll(pace, 2_100)).isOne();
	}

	@Test
	void pauseIsNotMadeUpForByABurst() {
		ClosePace pace = new ClosePace(100, 0);
		assertThat(closeAll(pace, 60_000)).isEqualTo(25);
	}

	@Test
	void otherPaceCountsOnlyWhereItIsFaster() {
		ClosePace pace = new ClosePace(10, 0);
		pace.atLeast(4);
		assertThat(closeAll(pace, 200)).isEqualTo(2);
		pace.atLeast(20);
		assertThat(closeAll(pace, 400)).isEqualTo(4);
		pace.atLeast(0);
		assertThat(pace.allowed(0)).isEqualTo(Integer.MAX_VALUE);
		pace.atLeast(1);
		assertThat(pace.allowed(0)).isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void whatWasEarnedBeforeTheStartDoesNotCount() {
		ClosePace pace = new ClosePace(10, 0);
		pace.start(TimeUnit.SECONDS.toNanos(10));
		assertThat(closeAll(pace, 10_000)).isZero();
	}

}
