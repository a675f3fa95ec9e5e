package dev.echod.client.load;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import dev.echod.client.load.Chart.Point;
import dev.echod.client.load.JsonReport.Interval;
import dev.echod.client.load.JsonReport.Run;
import dev.echod.client.load.JsonReport.Times;

/**
 * Draws how a run went over its time, with connections that failed or were drained
 * marked.
 */
final class TimeCharts {

	/**
	 * Of what is shorter, in seconds, no rate is told.
	 */
	private static final double SHORT = 0.1;

	/**
	 * What is faster is not told apart.
	 */
	private static final double FASTEST = 1e-6;

	private final List<Interval> intervals;

	private final double warmUp;

	/**
	 * Create the charts of a run.
	 * @param warmUp how long nothing was counted, in seconds
	 */
	TimeCharts(Run run, double warmUp) {
		this.intervals = run.intervals();
		this.warmUp = warmUp;
	}

	/**
	 * Response times; an empty text if there are none.
	 */
	String latency() {
		if (this.intervals.stream().allMatch((each) -> each.response() == null)) {
			return "";
		}
		List<Point> p50 = points(Times::p50);
		List<Point> max = points(Times::max);
		return noted(begin("Response time over time", times(Stream.concat(p50.stream(), max.stream()).toList()))
			.axes(TimeCharts::seconds, TimeCharts::time)
			.line("max", max)
			.line("p99", points(Times::p99))
			.line("p50", p50));
	}

	private List<Point> points(ToDoubleFunction<Times> time) {
		return this.intervals.stream().map((each) -> {
			Times response = each.response();
			return new Point(each.end(), (response != null) ? time.applyAsDouble(response) : Double.NaN);
		}).toList();
	}

	/**
	 * Messages a second; an empty text if the run was too short to tell.
	 */
	String throughput() {
		List<Point> rates = new ArrayList<>();
		double from = this.warmUp;
		for (Interval interval : this.intervals) {
			if (interval.end() - from >= SHORT) {
				rates.add(new Point(interval.end(), interval.messages() / (interval.end() - from)));
			}
			from = Math.max(from, interval.end());
		}
		if (rates.isEmpty()) {
			return "";
		}
		Axis up = Axis.linear(rates.stream().mapToDouble(Point::up).max().orElseThrow());
		return noted(begin("Messages a second over time", up)
			.axes(TimeCharts::seconds, (rate) -> String.format(Locale.ROOT, "%,.0f", rate))
			.line("rate", rates));
	}

	private Chart begin(String name, Axis up) {
		double end = this.intervals.getLast().end();
		return new Chart(name, new Axis(0, end, false), up).part("warm-up", 0, Math.min(end, this.warmUp));
	}

	private String noted(Chart chart) {
		for (Interval interval : this.intervals) {
			if (interval.drained() > 0) {
				chart.mark("drained", interval.end());
			}
			if (interval.failures() > 0) {
				chart.mark("failed", interval.end());
			}
		}
		this.intervals.forEach((interval) -> chart.note(interval.end(), describe(interval)));
		return chart.toSvg();
	}

	private static String describe(Interval interval) {
		Times response = interval.response();
		return String.format(Locale.ROOT, "%.1f s: %,d messages%s, %d open%s%s", interval.end(), interval.messages(),
				(response != null) ? ", p50 %s, p99 %s, max %s".formatted(time(response.p50()), time(response.p99()),
						time(response.max())) : "",
				interval.open(), (interval.failures() > 0) ? ", %d failed".formatted(interval.failures()) : "",
				(interval.drained() > 0) ? ", %d drained".formatted(interval.drained()) : "");
	}

	/**
	 * An axis for times.
	 */
	static Axis times(List<Point> points) {
		DoubleSummaryStatistics all = points.stream()
			.mapToDouble(Point::up)
			.filter((time) -> !Double.isNaN(time))
			.summaryStatistics();
		return Axis.decades(Math.max(FASTEST, all.getMin()), Math.max(FASTEST, all.getMax()));
	}

	private static String seconds(double seconds) {
		return String.format(Locale.ROOT, (seconds == Math.rint(seconds)) ? "%.0f s" : "%.1f s", seconds);
	}

	/**
	 * A time as text, with three digits.
	 */
	static String time(double seconds) {
		if (seconds < 1e-3) {
			return digits(seconds * 1e6) + " µs";
		}
		return (seconds < 1) ? digits(seconds * 1e3) + " ms" : digits(seconds) + " s";
	}

	private static String digits(double value) {
		if (value >= 99.95 || value == Math.rint(value)) {
			return String.format(Locale.ROOT, "%.0f", value);
		}
		return String.format(Locale.ROOT, (value >= 9.995) ? "%.1f" : "%.2f", value);
	}

}
