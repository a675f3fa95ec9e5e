package dev.echod.client.load;

import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How many times as much one thing is as another, each measured a few times. Ratios are
 * compared as logarithms, in which twice and half are as far from one.
 *
 * @param value of the geometric means
 * @param low where it lies with a confidence of 95 %, by Student's t; as is high not a
 * number where each was measured only once
 */
record Ratio(double value, double low, double high) {

	/**
	 * Quantiles of Student's t for 97.5 %, from one degree of freedom on.
	 */
	private static final double[] T = { 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201,
			2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
			2.052, 2.048, 2.045, 2.042 };

	/**
	 * Of what was measured in turn: what both have in common in a round counts for
	 * neither.
	 */
	static Ratio paired(double[] these, double[] others) {
		double[] differences = IntStream.range(0, Math.min(these.length, others.length))
			.mapToDouble((i) -> Math.log(these[i]) - Math.log(others[i]))
			.toArray();
		return of(mean(differences), Math.sqrt(variance(differences) / differences.length), differences.length - 1);
	}

	/**
	 * Of what was measured at different times (Welch's test).
	 */
	static Ratio unpaired(double[] these, double[] others) {
		double[] first = DoubleStream.of(these).map(Math::log).toArray();
		double[] second = DoubleStream.of(others).map(Math::log).toArray();
		double one = variance(first) / first.length;
		double two = variance(second) / second.length;
		double freedom = (one + two == 0) ? first.length + second.length - 2
				: (one + two) * (one + two) / (one * one / (first.length - 1) + two * two / (second.length - 1));
		return of(mean(first) - mean(second), Math.sqrt(one + two), freedom);
	}

	/**
	 * Of logarithms.
	 */
	private static Ratio of(double difference, double error, double freedom) {
		double margin = (freedom >= 1) ? error * T[Math.min((int) freedom, T.length) - 1] : Double.NaN;
		return new Ratio(Math.exp(difference), Math.exp(difference - margin), Math.exp(difference + margin));
	}

	private static double mean(double[] values) {
		return DoubleStream.of(values).average().orElse(Double.NaN);
	}

	/**
	 * Not a number for one value.
	 */
	private static double variance(double[] values) {
		double mean = mean(values);
		return DoubleStream.of(values).map((value) -> (value - mean) * (value - mean)).sum() / (values.length - 1);
	}

	/**
	 * As text: {@code 1.02 (0.98 to 1.06)}.
	 */
	@Override
	public String toString() {
		return Double.isNaN(this.low) ? String.format(Locale.ROOT, "%.2f", this.value)
				: String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", this.value, this.low, this.high);
	}

}
