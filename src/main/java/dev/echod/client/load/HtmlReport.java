package dev.echod.client.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import dev.echod.client.load.Chart.Point;
import dev.echod.client.load.JsonReport.Run;
import dev.echod.client.load.JsonReport.Times;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.HtmlUtils;

/**
 * A load for people to look at: a page that needs nothing but itself.
 */
final class HtmlReport {

	private final JsonReport report;

	private final List<Curves> curves;

	/**
	 * Create a page.
	 * @param curves of each run
	 */
	HtmlReport(JsonReport report, List<Curves> curves) {
		this.report = report;
		this.curves = curves;
	}

	String toHtml() {
		StringBuilder sections = new StringBuilder();
		for (int i = 0; i < this.curves.size(); i++) {
			sections.append(section(this.report.runs().get(i), this.curves.get(i)));
		}
		return Resources.read("load-report.html").replace("{{sections}}", sections);
	}

	private String section(Run run, Curves of) {
		double warmUp = this.report.plan().warmUp();
		TimeCharts charts = new TimeCharts(run, warmUp);
		StringBuilder html = new StringBuilder();
		html.append("<section>%n<h2>%s</h2>%n<p class=\"plan\">%s</p>%n".formatted(escape(title(run)), escape(plan())));
		html.append("<p class=\"verdict %s\">%s</p>%n".formatted(run.verdict().name().toLowerCase(Locale.ROOT),
				escape(verdict(run))));
		html.append(table(run));
		html.append("<p>connections: %s</p>%n".formatted(Summary.ends((end) -> run.connections().get(end.name()),
				run.reconnects(), (long) (run.longestGap() * 1e9))));
		run.failures()
			.forEach((failure) -> html.append("<p class=\"failure\">connection %d %s: %s</p>%n"
				.formatted(failure.connection(), ConnectionEnd.valueOf(failure.end()), escape(failure.what()))));
		run.expectations()
			.stream()
			.filter((each) -> !each.met())
			.forEach((each) -> html
				.append("<p class=\"failure\">not as expected: %s</p>%n".formatted(escape(each.text()))));
		String marks = marks(run);
		html.append(figure("Response time, each second",
				legend("p50", "p50") + legend("p99", "p99") + legend("max", "max") + marks, charts.latency()));
		html.append(figure("Messages a second", legend("rate", "messages/s") + marks, charts.throughput()));
		html.append(figure("How many were as fast",
				legend("p99", "response") + (of.service().isEmpty() ? "" : legend("p50", "service")), of.toSvg()));
		return html.append("</section>\n").toString();
	}

	private String marks(Run run) {
		return ((this.report.plan().warmUp() > 0) ? legend("warm-up", "warm-up") : "")
				+ (run.intervals().stream().anyMatch((each) -> each.failures() > 0) ? legend("failed", "failed") : "")
				+ (run.intervals().stream().anyMatch((each) -> each.drained() > 0) ? legend("drained", "drained") : "");
	}

	private static String legend(String style, String name) {
		return "<b class=\"%s\">%s</b> ".formatted(style, name);
	}

	private static String figure(String name, String legend, String svg) {
		return svg.isEmpty() ? ""
				: "<figure><figcaption>%s <span>%s</span></figcaption>%n%s</figure>%n".formatted(name, legend, svg);
	}

	private String title(Run run) {
		boolean rounds = this.report.runs().stream().anyMatch((each) -> each.round() > 1);
		return run.subject() + (rounds ? ", round " + run.round() : "");
	}

	private String plan() {
		JsonReport.Plan plan = this.report.plan();
		String sizes = (plan.minSize() == plan.maxSize()) ? String.valueOf(plan.minSize())
				: plan.minSize() + " to " + plan.maxSize();
		return String.format(Locale.ROOT, "%,d connections%s, messages of %s bytes, framing %s, depth %d, %s",
				plan.connections(), (plan.idle() > 0) ? String.format(Locale.ROOT, " and %,d idle", plan.idle()) : "",
				sizes, plan.framing(), plan.depth(), (plan.rate() != null)
						? String.format(Locale.ROOT, "%,.0f messages/s wanted", plan.rate()) : "closed loop");
	}

	private static String verdict(Run run) {
		return switch (run.verdict()) {
			case VALID -> "Valid: all came back as it was sent";
			case CLIENT_BOUND -> "Client-bound, not valid: the client was late itself";
			case TARGET_FAILED ->
				"The target failed: %d connections failed, %d messages were not answered, %d could not be sent"
					.formatted(run.connections()
						.entrySet()
						.stream()
						.filter((end) -> ConnectionEnd.valueOf(end.getKey()).isFailure())
						.mapToLong((end) -> end.getValue())
						.sum(), run.unanswered(), run.unsent());
		};
	}

	private static String table(Run run) {
		StringBuilder html = new StringBuilder("<p>%s</p>%n"
			.formatted(String.format(Locale.ROOT, "%,d messages in %.2f s: %,.0f messages/s, %.2f MB/s", run.messages(),
					run.seconds(), run.messagesPerSecond(), run.bytesPerSecond() / 1e6)));
		if (run.response() != null) {
			html.append("<table><tr><th></th>");
			Stream.of("mean", "p50", "p90", "p99", "p99.9", "max")
				.forEach((name) -> html.append("<th>%s</th>".formatted(name)));
			html.append("</tr>%n".formatted());
			row(html, "response", run.response());
			if (run.clientLag() != null) {
				row(html, "service", run.service());
				row(html, "client lag", run.clientLag());
			}
			html.append("</table>%n".formatted());
		}
		return html.toString();
	}

	private static void row(StringBuilder html, String name, @Nullable Times times) {
		if (times != null) {
			html.append("<tr><th>%s</th>".formatted(name));
			Stream.of(times.mean(), times.p50(), times.p90(), times.p99(), times.p999(), times.max())
				.forEach((time) -> html.append("<td>%s</td>".formatted(TimeCharts.time(time))));
			html.append("</tr>%n".formatted());
		}
	}

	private static String escape(String text) {
		return HtmlUtils.htmlEscape(text, "UTF-8");
	}

	/**
	 * How many of the messages of a run were as fast: across is one in so many that was
	 * slower, upwards the time in seconds.
	 *
	 * @param service none in a closed loop
	 */
	record Curves(List<Point> response, List<Point> service) {

		private static final int STEPS_IN_DECADE = 20;

		static Curves of(Figures figures) {
			return new Curves(points(figures.response()),
					figures.isScheduled() ? points(figures.service()) : List.of());
		}

		private static List<Point> points(Histogram times) {
			List<Point> points = new ArrayList<>();
			long count = times.getTotalCount();
			for (int step = 0; count > 0 && Math.pow(10, (double) step / STEPS_IN_DECADE) <= 10.0 * count; step++) {
				double oneIn = Math.min((double) count, Math.pow(10, (double) step / STEPS_IN_DECADE));
				double percentile = 100 * (1 - 1 / oneIn);
				points.add(new Point(oneIn, times.getValueAtPercentile(percentile) / 1e9));
				if (oneIn == count) {
					break;
				}
			}
			return points;
		}

		String toSvg() {
			if (this.response.isEmpty()) {
				return "";
			}
			List<Point> all = Stream.concat(this.response.stream(), this.service.stream()).toList();
			Chart chart = new Chart("Percentiles of the times", Axis.decades(1, this.response.getLast().across()),
					TimeCharts.times(all))
				.axes(Curves::percentile, TimeCharts::time)
				.line("p50", this.service)
				.line("p99", this.response);
			this.response.forEach((point) -> chart.note(point.across(), "%s of the responses: up to %s"
				.formatted(percentile(point.across()), TimeCharts.time(point.up()))));
			return chart.toSvg();
		}

		/**
		 * As text: 99 % where one in a hundred is slower.
		 */
		private static String percentile(double oneIn) {
			int digits = Math.max(0, (int) Math.ceil(Math.log10(oneIn) - 2 - 1e-9));
			return String.format(Locale.ROOT, "%." + digits + "f %%", 100 * (1 - 1 / oneIn));
		}

	}

}
