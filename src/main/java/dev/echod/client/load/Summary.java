package dev.echod.client.load;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import org.HdrHistogram.Histogram;

/**
 * Tells a person what a load measured.
 */
final class Summary {

	private final PrintWriter out;

	Summary(PrintWriter out) {
		this.out = out;
	}

	void print(LoadResult result, List<Expectation> expectations) {
		LoadPlan plan = result.plan();
		Figures figures = result.figures();
		this.out.printf(Locale.ROOT, "%s: %d connections%s, messages of %s, depth %d, %s, no delay %s%n",
				result.trial().target(), plan.connections(),
				(plan.idle() > 0) ? " and %d idle".formatted(plan.idle()) : "", plan.messages().sizes(), plan.depth(),
				plan.isOpenLoop() ? String.format(Locale.ROOT, "%,.0f messages/s wanted", plan.rate()) : "closed loop",
				result.trial().noDelay() ? "on" : "off");
		this.out.printf(Locale.ROOT, "%,d messages in %.2f s: %,.0f messages/s, %.2f MB/s%n", figures.messages(),
				result.seconds(), result.rate(), result.bytesPerSecond() / 1e6);
		if (figures.messages() > 0) {
			latencies(plan, figures);
		}
		this.out.printf(Locale.ROOT, "connections: %s%n",
				ends(figures::ends, figures.reconnects(), figures.longestGap()));
		result.failures().forEach((failure) -> this.out.printf(Locale.ROOT, "  %s%n", failure));
		verdict(result);
		expectations.stream()
			.filter((each) -> !each.isMet(result))
			.forEach((each) -> this.out.printf(Locale.ROOT, "NOT AS EXPECTED: %s, it is %s%n", each.text(),
					each.actual(result)));
	}

	private void latencies(LoadPlan plan, Figures figures) {
		this.out.printf(Locale.ROOT, "%-10s%13s%13s%13s%13s%13s%13s%n", "", "mean", "p50", "p90", "p99", "p99.9",
				"max");
		times("response", figures.response());
		if (plan.isOpenLoop()) {
			times("service", figures.service());
			times("client lag", figures.lag());
		}
	}

	private void times(String name, Histogram times) {
		this.out.printf(Locale.ROOT, "%-10s%13s%13s%13s%13s%13s%13s%n", name, millis((long) times.getMean()),
				millis(times.getValueAtPercentile(50)), millis(times.getValueAtPercentile(90)),
				millis(times.getValueAtPercentile(99)), millis(times.getValueAtPercentile(99.9)),
				millis(times.getMaxValue()));
	}

	private void verdict(LoadResult result) {
		Figures figures = result.figures();
		switch (result.verdict()) {
			case VALID -> {
				if (result.isHeldBack()) {
					this.out.println("The event loops had no time left: with more --event-loops it may measure more");
				}
				if (!result.late().isEmpty()) {
					this.out.printf("Had this client not been late itself: %s%n", prompt(result));
				}
			}
			case CLIENT_BOUND -> {
				this.out.printf(Locale.ROOT, "CLIENT-BOUND, not valid: %s (event loops %.0f %% busy)%n",
						result.late().isEmpty() ? "this client did not hold the rate"
								: "had this client not been late itself, " + prompt(result),
						100 * result.busy());
				this.out.println("Try a lower --rate, more --event-loops, or a machine with less to do");
			}
			case TARGET_FAILED -> this.out.printf(Locale.ROOT,
					"THE TARGET FAILED: %d connections failed, %d messages were not answered, %d could not be sent%n",
					figures.failures(), figures.unanswered(), figures.unsent());
		}
	}

	/**
	 * How connections ended, as text.
	 */
	static String ends(ToLongFunction<ConnectionEnd> count, long reconnects, long longestGapNanos) {
		StringJoiner ends = new StringJoiner(", ");
		Arrays.stream(ConnectionEnd.values())
			.filter((end) -> count.applyAsLong(end) > 0)
			.forEach((end) -> ends.add(String.format(Locale.ROOT, "%,d %s", count.applyAsLong(end), end)));
		if (reconnects > 0) {
			ends.add(
					String.format(Locale.ROOT, "%,d made again (longest gap %s)", reconnects, millis(longestGapNanos)));
		}
		return ends.toString();
	}

	private static String prompt(LoadResult result) {
		return result.late()
			.stream()
			.map((time) -> "%s %s".formatted(time, millis((long) time.of(result.figures().prompt()))))
			.collect(Collectors.joining(", "));
	}

	/**
	 * A time in nanoseconds, as text.
	 */
	static String millis(long nanos) {
		return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
	}

}
