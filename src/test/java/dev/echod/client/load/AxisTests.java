package dev.echod.client.load;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Where values lie, and what is written there.
 */
class AxisTests {

	@ParameterizedTest
	@CsvSource({ "0, 1", "7, 8", "10, 10", "97, 100", "12345, 15000", "30.02, 40" })
	void linearAxisEndsAtARoundValue(double max, double end) {
		Axis axis = Axis.linear(max);
		if (max > 0) {
			assertThat(axis.max()).isCloseTo(end, within(1e-9));
		}
		assertThat(axis.ticks()).hasSizeBetween(2, 8).first().isEqualTo(0.0);
		assertThat(axis.of(max)).isBetween(0.0, 1.0);
	}

	@Test
	void tenTimesAsMuchIsAsFarEverywhere() {
		Axis axis = Axis.decades(0.00002, 0.3);
		assertThat(axis.min()).isCloseTo(0.00001, within(1e-12));
		assertThat(axis.max()).isCloseTo(1, within(1e-9));
		assertThat(axis.ticks()).hasSize(6);
		assertThat(axis.of(0.01) - axis.of(0.001)).isCloseTo(0.2, within(1e-9));
		assertThat(axis.of(0)).isZero();
	}

	@Test
	void oneValueHasADecade() {
		assertThat(Axis.decades(1, 1).ticks()).containsExactly(1.0, 10.0);
	}

}
