package dev.echod.client.load;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import javax.xml.parsers.DocumentBuilderFactory;

import dev.echod.client.Target;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page that people look at. What it looks like they have to see themselves.
 */
class HtmlReportTests {

	private static final Pattern SVG = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);

	private static Figures figures(int messages) {
		Figures figures = new Figures();
		for (int i = 1; i <= messages; i++) {
			figures.answered(1, 64, TimeUnit.MICROSECONDS.toNanos(i), TimeUnit.MICROSECONDS.toNanos(2L * i), 0);
		}
		return figures;
	}

	private static LoadRun.Interval second(int end, Figures figures) {
		return new LoadRun.Interval(TimeUnit.SECONDS.toNanos(end), figures, 3);
	}

	private static String page(Figures total, LoadRun.Interval... intervals) {
		LoadPlan plan = Loads.plan("--rate 1000 --warm-up 1s");
		Trial trial = new Trial(new Target("<host>", 1), Loads.trial(1).address(), true, 1);
		List<Failures.Failure> failures = new ArrayList<>();
		if (total.failures() > 0) {
			failures.add(new Failures.Failure(1, ConnectionEnd.RESET, "<reset>"));
		}
		LoadResult result = new LoadResult(plan, trial, total, 3, 0.5, failures);
		JsonReport.Run run = JsonReport.Run.of(result, List.of(Expectation.of("p99<1us")),
				List.of(intervals).stream().map(JsonReport.Interval::of).toList());
		return new HtmlReport(JsonReport.of(plan, List.of(run)), List.of(HtmlReport.Curves.of(total))).toHtml();
	}

	private static List<String> charts(String page) throws Exception {
		List<String> charts = SVG.matcher(page).results().map((found) -> found.group()).toList();
		for (String chart : charts) {
			DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(chart)));
		}
		return charts;
	}

	@Test
	void chartsAreThereAndWellFormedAndNothingIsFromOutside() throws Exception {
		String page = page(figures(1000), second(1, figures(0)), second(2, figures(400)), second(3, figures(600)));
		assertThat(charts(page)).hasSize(3)
			.satisfiesExactly((latency) -> assertThat(latency).contains("line max", "line p99", "line p50"),
					(throughput) -> assertThat(throughput).contains("line rate", "3.0 s: 600 messages, p50 "),
					(curve) -> assertThat(curve).contains("99.9 %", "90 % of the responses: up to 1.80 ms"));
		assertThat(page).doesNotContainPattern("https?:|src=|href=|url\\(|<script|\\{\\{")
			.contains("prefers-color-scheme: dark", "Valid: all came back");
	}

	@Test
	void whatFailedAndWhatWasDrainedIsMarkedWhereItWas() throws Exception {
		Figures drained = figures(10);
		drained.ended(ConnectionEnd.DRAINED);
		Figures failed = figures(10);
		failed.ended(ConnectionEnd.RESET);
		Figures total = figures(20);
		total.add(failed);
		String page = page(total, second(2, drained), second(3, failed));
		assertThat(charts(page).subList(0, 2)).allSatisfy((chart) -> assertThat(chart).containsOnlyOnce("mark drained")
			.containsOnlyOnce("mark failed")
			.contains(", 1 drained</title>", ", 1 failed</title>"));
		assertThat(page).contains("The target failed: 1 connections failed", "<p>connections: 1 reset</p>",
				"connection 1 reset: &lt;reset&gt;", "not as expected: p99&lt;1us", "&lt;host&gt;:1, no delay on");
	}

	/**
	 * While a service is gone nobody knows how fast it is.
	 */
	@Test
	void secondsWithoutAReplyAreAGapInTheTimesAndNoneInTheRate() throws Exception {
		List<String> charts = charts(page(figures(30), second(2, figures(10)), second(3, figures(10)),
				second(4, figures(0)), second(5, figures(10))));
		assertThat(charts.getFirst()).containsPattern("line p50\" d=\"M[^M]*L[^ML]*M[^ML]*\"");
		assertThat(charts.get(1)).containsPattern("line rate\" d=\"M[^M]*\"");
	}

	@Test
	void loadWithoutAReplyHasAPageToo() throws Exception {
		assertThat(charts(page(figures(0), second(2, figures(0))))).hasSize(1);
	}

}
