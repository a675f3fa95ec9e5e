package dev.echod.client.load;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

import org.HdrHistogram.Histogram;

/**
 * Tells how a load goes, once a second: on a terminal in one line that is drawn again,
 * elsewhere in a line each.
 */
final class Progress {

	private static final int BAR = 20;

	/**
	 * Of so short a time, in seconds, no rate is told.
	 */
	private static final double SHORTEST = 0.1;

	private static final String TO_LINE_END = "\033[K";

	private final PrintWriter out;

	private final boolean terminal;

	private final LoadPlan plan;

	private long nanos;

	Progress(PrintWriter out, boolean terminal, LoadPlan plan) {
		this.out = out;
		this.terminal = terminal;
		this.plan = plan;
	}

	/**
	 * Tells how many connections are made.
	 */
	void show(int made) {
		draw("", String.format(Locale.ROOT, "connecting: %,d of %,d", made, this.plan.allConnections()));
	}

	void show(LoadRun.Interval interval) {
		double counted = (interval.nanos() - this.plan.warmUp().toNanos()) / 1e9;
		double seconds = Math.min(counted, (interval.nanos() - this.nanos) / 1e9);
		this.nanos = interval.nanos();
		if ((interval.figures().messages() == 0 && interval.open() == 0)
				|| (counted >= SHORTEST && seconds < SHORTEST)) {
			return;
		}
		String line = String.format(Locale.ROOT, "%6.1f s %s   errors %d   open %d", interval.nanos() / 1e9,
				(counted >= SHORTEST) ? measured(interval.figures(), seconds) : "warming up",
				interval.figures().failures(), interval.open());
		draw(bar(interval.nanos()), line);
	}

	private void draw(String bar, String line) {
		if (this.terminal) {
			this.out.print("\r" + bar + line + TO_LINE_END);
			this.out.flush();
		}
		else {
			this.out.println(line);
		}
	}

	/**
	 * Where no reply came no latency was seen.
	 */
	private static String measured(Figures figures, double seconds) {
		String rate = String.format(Locale.ROOT, "%,12.0f messages/s", figures.messages() / seconds);
		if (figures.messages() == 0) {
			return rate;
		}
		Histogram response = figures.response();
		return rate + String.format(Locale.ROOT, "   p50 %s   p99 %s",
				Summary.millis(response.getValueAtPercentile(50)), Summary.millis(response.getValueAtPercentile(99)));
	}

	private String bar(long now) {
		if (!this.plan.amount().isTimed()) {
			return "";
		}
		long all = this.plan.warmUp().plus(Duration.ofNanos(this.plan.amount().nanos())).toNanos();
		int done = Math.clamp(BAR * now / Math.max(1, all), 0, BAR);
		return "[" + "#".repeat(done) + "-".repeat(BAR - done) + "] ";
	}

	/**
	 * Makes room for what is told at the end.
	 */
	void end() {
		if (this.terminal) {
			this.out.print("\r" + TO_LINE_END);
			this.out.flush();
		}
	}

}
