package dev.echod.client.load;

import java.util.ArrayDeque;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is in flight.
 */
class InFlightTests {

	/**
	 * However many there are, and wherever in its memory the oldest lies.
	 */
	@Test
	void repliesAreThoseOfTheirMessages() {
		SplittableRandom random = new SplittableRandom(1);
		ArrayDeque<Long> expected = new ArrayDeque<>();
		InFlight inFlight = new InFlight();
		for (long message = 0; message < 10_000; message++) {
			inFlight.add(message, message + 1, message + 2);
			expected.add(message);
			while (!expected.isEmpty() && random.nextInt(100) < 49) {
				long oldest = expected.remove();
				assertThat(inFlight.oldestDue()).isEqualTo(oldest);
				assertThat(inFlight.oldestWritten()).isEqualTo(oldest + 1);
				assertThat(inFlight.oldestLag()).isEqualTo(oldest + 2);
				inFlight.remove();
			}
			assertThat(inFlight.count()).isEqualTo(expected.size());
		}
		assertThat(inFlight.countDueFrom(9_999)).isEqualTo(expected.contains(9_999L) ? 1 : 0);
		assertThat(inFlight.countDueFrom(0)).isEqualTo(expected.size());
	}

}
