package dev.echod.client.load;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The files that a load is written to. They are made before it begins, so that nobody
 * learns after an hour that they cannot be.
 */
final class Outputs implements AutoCloseable {

	private final @Nullable PrintStream json;

	private final @Nullable PrintStream hdr;

	private final @Nullable PrintStream html;

	private final @Nullable HdrLog hdrLog;

	private final List<JsonReport.Interval> intervals = new ArrayList<>();

	private final List<JsonReport.Run> runs = new ArrayList<>();

	private final List<HtmlReport.Curves> curves = new ArrayList<>();

	private Outputs(@Nullable PrintStream json, @Nullable PrintStream hdr, @Nullable PrintStream html) {
		this.json = json;
		this.hdr = hdr;
		this.html = html;
		this.hdrLog = (hdr != null) ? new HdrLog(hdr) : null;
	}

	/**
	 * Opens them, each if it is wanted.
	 * @throws IllegalArgumentException if one cannot be written; it says which, and why
	 */
	static Outputs open(@Nullable Path json, @Nullable Path hdr, @Nullable Path html) {
		return new Outputs(open("--json", json), open("--hdr", hdr), open("--html", html));
	}

	private static @Nullable PrintStream open(String option, @Nullable Path file) {
		if (file == null) {
			return null;
		}
		try {
			OutputStream out = Files.newOutputStream(file);
			return new PrintStream(out, false, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new IllegalArgumentException("%s takes a file that can be written, not '%s' (%s)".formatted(option,
					file, ex.getClass().getSimpleName()), ex);
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
	 */
	JsonReport end(LoadPlan plan) {
		JsonReport report = JsonReport.of(plan, this.runs);
		if (this.json != null) {
			this.json.print(report.toJson());
		}
		if (this.html != null) {
			this.html.print(new HtmlReport(report, this.curves).toHtml());
		}
		return report;
	}

	@Override
	public void close() {
		Stream.of(Optional.ofNullable(this.json), Optional.ofNullable(this.hdr), Optional.ofNullable(this.html))
			.flatMap(Optional::stream)
			.forEach(PrintStream::close);
	}

}
