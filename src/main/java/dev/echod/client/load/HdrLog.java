package dev.echod.client.load;

import java.io.PrintStream;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes the times of each interval in HdrHistogram's log format, version 1.3: with the
 * tags {@code response} and {@code service}, in nanoseconds. A comment before them names
 * the run.
 */
final class HdrLog {

	/**
	 * What is for people to read is in milliseconds.
	 */
	private static final double NANOS_IN_MILLI = 1e6;

	private final OutputFile file;

	private final PrintStream out;

	private final HistogramLogWriter writer;

	private final long began = System.nanoTime();

	/**
	 * How much of the run is written.
	 */
	private long written;

	HdrLog(OutputFile file) {
		this.file = file;
		this.out = file.print();
		this.writer = new HistogramLogWriter(this.out);
		this.writer.outputLogFormatVersion();
		this.writer.outputStartTime(System.currentTimeMillis());
		this.writer.outputLegend();
	}

	/**
	 * A run begins, in whose time the next intervals are.
	 */
	void begin(Trial trial) {
		this.writer.outputComment("[%s, round %d]".formatted(trial.subject(), trial.round()));
		this.written = 0;
	}

	void add(LoadRun.Interval interval) {
		double end = (System.nanoTime() - this.began) / 1e9;
		double start = end - (interval.nanos() - this.written) / 1e9;
		write("response", interval.figures().response(), start, end);
		write("service", interval.figures().service(), start, end);
		this.written = interval.nanos();
	}

	/**
	 * All are written.
	 * @throws IllegalArgumentException if they could not be; it says so
	 */
	void end() {
		this.file.check(this.out);
	}

	private void write(String tag, Histogram times, double start, double end) {
		times.setTag(tag);
		this.writer.outputIntervalHistogram(start, end, times, NANOS_IN_MILLI);
	}

}
