package dev.echod.client.load;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * When messages are due.
 */
class ScheduleTests {

	@ParameterizedTest
	@CsvSource({ "0, 1, 1000, 0", "2, 7, 1000, 0", "6, 7, 333, 100", "0, 3, 7, 1000", "1, 3, 1000000, 3000" })
	void whatIsLeftIsAsMuchAsWouldHaveBeenDue(int number, int connections, double rate, int taken) {
		Schedule schedule = new Schedule(number, connections, rate, Arrival.UNIFORM, 1);
		schedule.begin(1_000_000_000_000L);
		for (int i = 0; i < taken; i++) {
			schedule.advance();
		}
		long from = 1_000_050_000_000L;
		long to = 1_001_234_567_890L;
		long left = schedule.countBetween(from, to);
		long due = 0;
		for (; schedule.next() < to; schedule.advance()) {
			due += (schedule.next() >= from) ? 1 : 0;
		}
		assertThat(left).isEqualTo(due);
		assertThat(schedule.countBetween(from, to)).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "0, 1, 1000", "2, 7, 1000", "6, 7, 333", "1, 3, 1000000" })
	void whatIsLeftOutIsAllThatWasDueBefore(int number, int connections, double rate) {
		Schedule skipped = new Schedule(number, connections, rate, Arrival.UNIFORM, 1);
		Schedule gone = new Schedule(number, connections, rate, Arrival.UNIFORM, 1);
		skipped.begin(1_000_000_000_000L);
		gone.begin(1_000_000_000_000L);
		for (long to = 999_999_999_999L; to < 1_000_300_000_000L; to += 12_345_678) {
			while (gone.next() < to) {
				gone.advance();
			}
			skipped.skipTo(to);
			assertThat(skipped.next()).isEqualTo(gone.next());
		}
	}

	/**
	 * One message after the other, it would take hours.
	 */
	@ParameterizedTest
	@EnumSource(Arrival.class)
	void monthIsLeftOutAtOnce(Arrival arrival) {
		Schedule schedule = new Schedule(0, 1, 100_000_000, arrival, 1);
		schedule.begin(0);
		long month = 30L * 24 * 3600 * 1_000_000_000;
		schedule.skipTo(month);
		assertThat(schedule.next()).isBetween(month, month + 1_000_000);
	}

	/**
	 * For a month of a million messages a second nobody waits.
	 */
	@Test
	void whatIsLeftAtRandomIsWhatIsToBeExpected() {
		Schedule schedule = new Schedule(0, 2, 1_000_000, Arrival.POISSON, 1);
		schedule.begin(0);
		long month = 30L * 24 * 3600;
		assertThat(schedule.countBetween(0, month * 1_000_000_000)).isCloseTo(month * 500_000, within(100L));
	}

}
