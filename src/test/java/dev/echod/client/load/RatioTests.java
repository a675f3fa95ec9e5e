package dev.echod.client.load;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * How sure a ratio is.
 */
class RatioTests {

	private static final double[] MORE = { 110, 121, 133.1 };

	private static final double[] LESS = { 100, 110, 121 };

	/**
	 * The machine became faster from round to round, for both.
	 */
	@Test
	void whatBothHaveInCommonInARoundCountsForNeither() {
		Ratio ratio = Ratio.paired(MORE, LESS);
		assertThat(ratio.value()).isCloseTo(1.1, within(1e-9));
		assertThat(ratio.low()).isCloseTo(1.1, within(1e-9));
		assertThat(ratio.high()).isCloseTo(1.1, within(1e-9));
	}

	/**
	 * By hand: the logarithms' means differ by ln 1.1, their standard deviations are ln
	 * 1.1 each, so that of the difference is ln 1.1 times the root of 2/3; four degrees
	 * of freedom.
	 */
	@Test
	void whatWasMeasuredAtOtherTimesIsAsUnsureAsItsSpread() {
		double step = Math.log(1.1);
		double margin = 2.776 * step * Math.sqrt(2.0 / 3);
		Ratio ratio = Ratio.unpaired(MORE, LESS);
		assertThat(ratio.value()).isCloseTo(1.1, within(1e-9));
		assertThat(ratio.low()).isCloseTo(Math.exp(step - margin), within(1e-3));
		assertThat(ratio.high()).isCloseTo(Math.exp(step + margin), within(1e-3));
	}

	@Test
	void ofOneRoundNobodyKnows() {
		assertThat(Ratio.paired(new double[] { 3 }, new double[] { 2 })).hasToString("1.50");
		assertThat(Ratio.unpaired(new double[] { 3 }, new double[] { 2, 2 })).hasToString("1.50");
		assertThat(Ratio.paired(MORE, LESS)).hasToString("1.10 (1.10 to 1.10)");
	}

}
