package dev.echod.client.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The files that a load is written to. They are made before it begins, so that nobody
 * learns after an hour that they cannot be.
 */
final class Outputs implements AutoCloseable {

	private final @Nullable OutputFile json;

	private final @Nullable OutputFile hdr;

	private final @Nullable OutputFile html;

	private final @Nullable HdrLog hdrLog;

	private final List<JsonReport.Interval> intervals = new ArrayList<>();

	private final List<JsonReport.Run> runs = new ArrayList<>();

	private final List<HtmlReport.Curves> curves = new ArrayList<>();

	/**
	 * Opens them, each if it is wanted.
	 * @throws IllegalArgumentException if one cannot be written; it says which, and why
	 */
	Outputs(@Nullable Path json, @Nullable Path hdr, @Nullable Path html) {
		List<Path> files = Stream.of(Optional.ofNullable(json), Optional.ofNullable(hdr), Optional.ofNullable(html))
			.flatMap(Optional::stream)
			.map((file) -> file.toAbsolutePath().normalize())
			.toList();
		Assert.isTrue(Set.copyOf(files).size() == files.size(), "--json, --hdr and --html take a file each");
		this.json = OutputFile.open("--json", json);
		this.hdr = OutputFile.open("--hdr", hdr);
		this.html = OutputFile.open("--html", html);
		this.hdrLog = (this.hdr != null) ? new HdrLog(this.hdr) : null;
	}

	/**
	 * A run begins.
	 */
	void begin(Trial trial) {
		if (this.hdrLog != null) {
			this.hdrLog.begin(trial);
		}
	}

	void add(LoadRun.Interval interval) {
		if (this.json != null || this.html != null) {
			this.intervals.add(JsonReport.Interval.of(interval));
		}
		if (this.hdrLog != null) {
			this.hdrLog.add(interval);
		}
	}

	/**
	 * A run has ended.
	 */
	void ended(LoadResult result, List<Expectation> expectations) {
		this.runs.add(JsonReport.Run.of(result, expectations, this.intervals));
		this.curves.add(HtmlReport.Curves.of(result.figures()));
		this.intervals.clear();
	}

	/**
	 * All runs have.
	 * @return what was measured
	 * @throws IllegalArgumentException if one cannot be written, after the others are; it
	 * says which, and why
	 */
	JsonReport end(LoadPlan plan) {
		JsonReport report = JsonReport.of(plan, this.runs);
		List<Runnable> writes = new ArrayList<>();
		Optional.ofNullable(this.json).ifPresent((file) -> writes.add(() -> file.write(report.toJson())));
		Optional.ofNullable(this.html)
			.ifPresent((file) -> writes.add(() -> file.write(new HtmlReport(report, this.curves).toHtml())));
		Optional.ofNullable(this.hdrLog).ifPresent((log) -> writes.add(log::end));
		writeAll(writes);
		return report;
	}

	private static void writeAll(List<Runnable> writes) {
		List<IllegalArgumentException> failures = new ArrayList<>();
		for (Runnable write : writes) {
			try {
				write.run();
			}
			catch (IllegalArgumentException ex) {
				failures.add(ex);
			}
		}
		if (!failures.isEmpty()) {
			throw failures.getFirst();
		}
	}

	@Override
	public void close() {
		Stream.of(Optional.ofNullable(this.json), Optional.ofNullable(this.hdr), Optional.ofNullable(this.html))
			.flatMap(Optional::stream)
			.forEach(OutputFile::close);
	}

}
