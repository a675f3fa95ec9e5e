package dev.echod.client.load;

import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What can be expected of a load.
 */
class ExpectationTests {

	/**
	 * Of 100 messages a second 90 in time, with responses of 1 to 90 ms and one error.
	 */
	private static LoadResult result() {
		Figures figures = new Figures();
		for (int i = 1; i <= 90; i++) {
			figures.answered(1, 64, 1000, TimeUnit.MILLISECONDS.toNanos(i), 0);
		}
		figures.unanswered(1);
		return new LoadResult(Loads.plan("--rate 100"), Loads.trial(1), figures, 1, 0.1, List.of());
	}

	@ParameterizedTest
	@CsvSource({ "p50<46ms, true", "p50<44ms, false", "p90<=82ms, true", "p99 > 80ms, true", "p99.9<1s, true",
			"max<90ms, false", "max<200000d, true", "mean>=45ms, true", "mean<45ms, false", "errors=1, true",
			"errors=0, false", "errors<=1, true", "rate>=0.9, true", "rate>=0.95, false", "throughput>=90, true",
			"throughput>90, false" })
	void figuresAreCompared(String text, boolean met) {
		assertThat(Expectation.of(text).isMet(result())).isEqualTo(met);
	}

	@Test
	void whatWasNotMetIsToldWithWhatItIs() {
		assertThat(Expectation.of("max<90ms").actual(result())).startsWith("90.").endsWith(" ms");
		assertThat(Expectation.of("rate>=0.95").actual(result())).isEqualTo("0.900");
	}

	@Test
	void ofNoReplyNoTimeIsAsExpected() {
		LoadResult nothing = new LoadResult(Loads.plan("--rate 100"), Loads.trial(1), new Figures(), 1, 0.1, List.of());
		assertThat(Expectation.of("p99<5ms").isMet(nothing)).isFalse();
		assertThat(Expectation.of("p99<5ms").actual(nothing)).isEqualTo("unknown, as no reply came");
		assertThat(Expectation.of("errors=0").isMet(nothing)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "p98<5ms", "p99<5", "p99", "<5ms", "errors==0", "errors=none", "rate>=NaN",
			"throughput>1d", "" })
	void whatIsNoExpectationIsRefusedWithWhatIs(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Expectation.of(text))
			.withMessage("--expect takes one of mean, p50, p90, p99, p99.9, max, errors, rate, throughput, then "
					+ "< or <= or = or >= or >, and a time such as 5ms or a number, not '" + text + "'");
	}

}
