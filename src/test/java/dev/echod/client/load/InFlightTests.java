package dev.echod.client.load;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is in flight.
 */
class InFlightTests {

	/**
	 * However many there are, wherever in its memory the oldest lies, and however many
	 * were sent together.
	 */
	@Test
	void repliesAreThoseOfTheirMessages() {
		SplittableRandom random = new SplittableRandom(1);
		ArrayDeque<Long> expected = new ArrayDeque<>();
		InFlight inFlight = new InFlight();
		for (long time = 0; time < 10_000; time++) {
			for (int together = random.nextInt(1, 4); together > 0; together--) {
				inFlight.add(time, time + 1, time + 2);
				expected.add(time);
			}
			while (!expected.isEmpty() && random.nextInt(100) < 49) {
				long oldest = expected.getFirst();
				assertThat(inFlight.oldestDue()).isEqualTo(oldest);
				assertThat(inFlight.oldestWritten()).isEqualTo(oldest + 1);
				assertThat(inFlight.oldestLag()).isEqualTo(oldest + 2);
				assertThat(inFlight.oldestCount()).isEqualTo(Collections.frequency(head(expected), oldest));
				int some = random.nextInt(inFlight.oldestCount()) + 1;
				inFlight.remove(some);
				for (int i = 0; i < some; i++) {
					assertThat(expected.remove()).isEqualTo(oldest);
				}
			}
			assertThat(inFlight.count()).isEqualTo(expected.size());
		}
		assertThat(inFlight.countDueFrom(9_999)).isEqualTo(Collections.frequency(expected, 9_999L));
		assertThat(inFlight.countDueFrom(0)).isEqualTo(expected.size());
	}

	private static List<Long> head(ArrayDeque<Long> messages) {
		return messages.stream().limit(4).toList();
	}

	/**
	 * Also some that were due together, and sent one after the other.
	 */
	@Test
	void whatDiffersIsKnownOfEach() {
		InFlight inFlight = new InFlight();
		inFlight.add(1, 1, 0);
		inFlight.add(1, 2, 0);
		inFlight.add(1, 2, 1);
		inFlight.add(2, 2, 1);
		for (int left = 4; left > 0; left--) {
			assertThat(inFlight.count()).isEqualTo(left);
			assertThat(inFlight.oldestCount()).isOne();
			inFlight.remove(1);
		}
	}

}
