package dev.echod.client.load;

import java.util.ArrayList;
import java.util.List;

/**
 * Where values lie on a chart, from 0 to 1.
 *
 * @param min the least value
 * @param max the greatest, which is more
 * @param logarithmic whether ten times as much is as far everywhere
 */
record Axis(double min, double max, boolean logarithmic) {

	private static final int TICKS = 6;

	private static final double[] STEPS = { 1, 2, 5, 10 };

	/**
	 * From 0 to a value, or a little more.
	 */
	static Axis linear(double max) {
		double step = step(Math.max(max, Double.MIN_NORMAL));
		return new Axis(0, step * Math.max(1, Math.ceil(max / step - 1e-9)), false);
	}

	/**
	 * From one value to another, widened to whole decades.
	 */
	static Axis decades(double min, double max) {
		double low = Math.floor(Math.log10(min) + 1e-9);
		double high = Math.ceil(Math.log10(max) - 1e-9);
		return new Axis(Math.pow(10, low), Math.pow(10, Math.max(low + 1, high)), true);
	}

	double of(double value) {
		double at = Math.clamp(value, this.min, this.max);
		return this.logarithmic ? Math.log(at / this.min) / Math.log(this.max / this.min)
				: (at - this.min) / (this.max - this.min);
	}

	List<Double> ticks() {
		List<Double> ticks = new ArrayList<>();
		if (this.logarithmic) {
			for (int i = 0; i <= Math.round(Math.log10(this.max / this.min)); i++) {
				ticks.add(this.min * Math.pow(10, i));
			}
		}
		else {
			double step = step(this.max - this.min);
			for (int i = 0; this.min + i * step <= this.max * (1 + 1e-9); i++) {
				ticks.add(this.min + i * step);
			}
		}
		return ticks;
	}

	/**
	 * Round steps, of which there are a few.
	 */
	private static double step(double range) {
		double decade = Math.pow(10, Math.floor(Math.log10(range / TICKS)));
		for (double step : STEPS) {
			if (range / (step * decade) <= TICKS + 1e-9) {
				return step * decade;
			}
		}
		return 10 * decade;
	}

}
