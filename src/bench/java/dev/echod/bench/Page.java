package dev.echod.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Formatter;
import java.util.Locale;
import java.util.Objects;

import dev.echod.bench.Report.Line;
import dev.echod.bench.Report.Part;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.HtmlUtils;

/**
 * What was measured, for people to look at: a page that needs nothing but itself.
 */
final class Page {

	private static final Path FRAME = Path.of("src/bench/report.html");

	private static final double MEGA = 1e6;

	/**
	 * In microseconds.
	 */
	private static final double MILLI = 1000;

	private final Report report;

	private final Formatter html = new Formatter(Locale.ROOT);

	Page(Report report) {
		this.report = report;
	}

	String toHtml() throws IOException {
		this.html.format("<p>%s. All were started together and loaded in turn, rounds: %d, of %d s each; "
				+ "medians, with the least and the most. The clients ran on the same machine, and checked every byte.</p>%n",
				this.report.at().truncatedTo(ChronoUnit.SECONDS), this.report.rounds(), this.report.seconds());
		this.html.format("<dl>%n");
		this.report.machine()
			.forEach((name, value) -> this.html.format("<dt>%s</dt><dd>%s</dd>%n", escape(name), escape(value)));
		this.html.format("</dl>%n");
		this.report.parts().forEach(this::add);
		return Files.readString(FRAME).replace("{{content}}", this.html.toString());
	}

	private void add(Part part) {
		this.html.format(
				"<h2>%s</h2>%n<div class=\"scroll\"><table><thead><tr><th></th>"
						+ "<th></th><th>messages/s</th><th>MB/s</th><th>× %s</th><th>CPU a message</th><th>p50</th>"
						+ "<th>p99</th><th>memory</th></tr></thead>%n<tbody>%n",
				escape(part.workload().toString()), escape(part.baseline()));
		double most = part.lines()
			.stream()
			.map(Line::messagesPerSecond)
			.filter(Objects::nonNull)
			.mapToDouble(Spread::most)
			.max()
			.orElse(1);
		part.lines().forEach((line) -> add(line, most));
		this.html.format("</tbody></table></div>%n");
	}

	private void add(Line line, double most) {
		this.html.format("<tr%s><th>%s</th>", line.server().startsWith("echod") ? " class=\"ours\"" : "",
				escape(line.server()));
		Spread rate = line.messagesPerSecond();
		if (rate == null) {
			this.html.format("<td class=\"failure\" colspan=\"8\">%s</td></tr>%n",
					escape(String.valueOf(line.failure())));
			return;
		}
		this.html.format(
				"<td class=\"bar\"><div><i style=\"width:%.2f%%\"></i>"
						+ "<b style=\"left:%.2f%%;width:%.2f%%\"></b></div></td>",
				percent(rate.median(), most), percent(rate.least(), most), percent(rate.most() - rate.least(), most));
		cell("%,.0f", rate, 1);
		cell("%,.1f", line.bytesPerSecond(), MEGA);
		this.html.format("<td>%s</td>", ratio(line.ratio()));
		cell("%.1f µs", line.processorTime(), 1);
		cell("%.2f ms", line.p50(), MILLI);
		cell("%.2f ms", line.p99(), MILLI);
		this.html.format("<td>%.0f MB</td></tr>%n", Objects.requireNonNull(line.residentMemory()) / MEGA);
	}

	private void cell(String format, @Nullable Spread figure, double unit) {
		this.html.format("<td>" + format + "</td>", Objects.requireNonNull(figure).median() / unit);
	}

	private static String ratio(@Nullable Spread ratio) {
		return (ratio != null) ? String.format(Locale.ROOT, "%.2f <small>%.2f–%.2f</small>", ratio.median(),
				ratio.least(), ratio.most()) : "";
	}

	private static double percent(double value, double most) {
		return 100 * value / most;
	}

	private static String escape(String text) {
		return HtmlUtils.htmlEscape(text, "UTF-8");
	}

}
