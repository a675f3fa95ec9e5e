package dev.echod.client.load;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;

/**
 * A load for programs to read: as the schema says that is in the jar. Times are in
 * seconds.
 *
 * @param version of the schema; another than {@value #VERSION} has other fields
 * @param runs in the order in which they were
 */
record JsonReport(int version, Plan plan, List<Run> runs) {

	static final int VERSION = 1;

	private static final String SCHEMA = "load-report.schema.json";

	/**
	 * Also of a file that somebody else wrote: what is compared is there.
	 */
	JsonReport {
		Objects.requireNonNull(plan);
		runs = List.copyOf(runs);
	}

	static JsonReport of(LoadPlan plan, List<Run> runs) {
		return new JsonReport(VERSION, Plan.of(plan), runs);
	}

	/**
	 * Reads one.
	 * @throws IllegalArgumentException if the file is none of this version; it says so
	 */
	static JsonReport read(Path file) {
		try {
			JsonReport report = new JsonMapper().readValue(file, JsonReport.class);
			Assert.isTrue(report != null && report.version() == VERSION, "it is of another version");
			return report;
		}
		catch (JacksonException | IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"--compare takes a file that --json wrote, of version %d, not '%s'".formatted(VERSION, file), ex);
		}
	}

	String toJson() {
		return JsonMapper.builder()
			.enable(SerializationFeature.INDENT_OUTPUT)
			.changeDefaultPropertyInclusion((value) -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
			.build()
			.writeValueAsString(this) + System.lineSeparator();
	}

	/**
	 * The JSON schema of all reports of this version.
	 */
	static String schema() {
		return Resources.read(SCHEMA);
	}

	/**
	 * What was to be.
	 *
	 * @param rate messages a second; null in a closed loop
	 * @param lifetime of a connection; null when that is as long as the load
	 * @param proxyProtocol null when connections begin with no PROXY header
	 */
	record Plan(int connections, int idle, int minSize, int maxSize, boolean payloadFile, int depth,
			@Nullable Double rate, String arrival, String framing, String verify, boolean halfClose, boolean reconnect,
			boolean tls, @Nullable String proxyProtocol, int sources, long seed, double warmUp, double timeout,
			@Nullable Double lifetime, int eventLoops, String transport) {

		static Plan of(LoadPlan plan) {
			Messages messages = plan.messages();
			Link link = plan.link();
			return new Plan(plan.connections(), plan.idle(), messages.sizes().min(), messages.sizes().max(),
					messages.payload() != null, plan.depth(), plan.isOpenLoop() ? plan.rate() : null,
					plan.arrival().toString(), messages.framing().toString(), plan.verify().toString(),
					plan.halfClose(), plan.reconnect(), link.tls() != null,
					(link.proxyHeader() != null) ? link.proxyHeader().toString() : null, link.sources().size(),
					plan.seed(), plan.warmUp().toNanos() / 1e9, plan.timeout().toNanos() / 1e9,
					plan.lifetime().isZero() ? null : plan.lifetime().toNanos() / 1e9, plan.loops(),
					plan.transport().toString());
		}

	}

	/**
	 * What was.
	 *
	 * @param round from 1
	 * @param response null when no reply came that counts, as are all times
	 * @param clientLag null in a closed loop
	 * @param connections how many ended in which way
	 */
	record Run(String target, boolean noDelay, int round, Verdict verdict, double seconds, long messages, long bytes,
			double messagesPerSecond, double bytesPerSecond, long unanswered, long unsent, @Nullable Times response,
			@Nullable Times service, @Nullable Times clientLag, Map<String, Long> connections, long reconnects,
			double longestGap, double eventLoopsBusy, List<Failed> failures, List<Expected> expectations,
			List<Interval> intervals) {

		Run {
			Objects.requireNonNull(target);
			Objects.requireNonNull(verdict);
		}

		static Run of(LoadResult result, List<Expectation> expectations, List<Interval> intervals) {
			Figures figures = result.figures();
			Map<String, Long> ends = new LinkedHashMap<>();
			Arrays.stream(ConnectionEnd.values()).forEach((end) -> ends.put(end.name(), figures.ends(end)));
			Trial trial = result.trial();
			return new Run(trial.target().toString(), trial.noDelay(), trial.round(), result.verdict(),
					result.seconds(), figures.messages(), figures.bytes(), result.rate(), result.bytesPerSecond(),
					figures.unanswered(), figures.unsent(), Times.of(figures.response()), Times.of(figures.service()),
					result.plan().isOpenLoop() ? Times.of(figures.lag()) : null, ends, figures.reconnects(),
					figures.longestGap() / 1e9, result.busy(),
					result.failures().stream().map((failure) -> Failed.of(failure)).toList(),
					expectations.stream().map((each) -> new Expected(each.text(), each.isMet(result))).toList(),
					List.copyOf(intervals));
		}

		/**
		 * What its rounds have in common.
		 */
		String subject() {
			return Trial.subject(this.target, this.noDelay);
		}

	}

	record Times(double mean, double p50, double p90, double p99, double p999, double max) {

		static @Nullable Times of(Histogram times) {
			return (times.getTotalCount() == 0) ? null
					: new Times(times.getMean() / 1e9, times.getValueAtPercentile(50) / 1e9,
							times.getValueAtPercentile(90) / 1e9, times.getValueAtPercentile(99) / 1e9,
							times.getValueAtPercentile(99.9) / 1e9, times.getMaxValue() / 1e9);
		}

	}

	/**
	 * One of the first failures.
	 */
	record Failed(int connection, String end, String what) {

		static Failed of(Failures.Failure failure) {
			return new Failed(failure.connection(), failure.end().name(), failure.what());
		}

	}

	record Expected(String text, boolean met) {

	}

	/**
	 * A second of it, or what there was of the last.
	 *
	 * @param end since the connections were made
	 * @param failures connections that failed in it
	 * @param drained those that were drained in it
	 * @param open connections at its end
	 * @param response null when no reply came that counts
	 */
	record Interval(double end, long messages, long failures, long drained, int open, @Nullable Times response) {

		static Interval of(LoadRun.Interval interval) {
			return new Interval(interval.nanos() / 1e9, interval.figures().messages(), interval.figures().failures(),
					interval.figures().ends(ConnectionEnd.DRAINED), interval.open(),
					Times.of(interval.figures().response()));
		}

	}

}
