package dev.echod.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What several rounds have in common.
 *
 * @param median of them
 * @param least of them
 * @param most of them
 */
record Spread(double median, double least, double most) {

	/**
	 * Of these, at least one.
	 */
	static <T> Spread of(List<T> rounds, ToDoubleFunction<T> figure) {
		double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
		int middle = sorted.length / 2;
		double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
		return new Spread(median, sorted[0], sorted[sorted.length - 1]);
	}

}
