package dev.echod.client.load;

import java.io.PrintStream;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes the times of each interval in HdrHistogram's log format, version 1.3: with the
 * tags {@code response} and {@code service}, in nanoseconds.
 */
final class HdrLog {

	/**
	 * What is for people to read is in milliseconds.
	 */
	private static final double NANOS_IN_MILLI = 1e6;

	private final OutputFile file;

	private final PrintStream out;

	private final HistogramLogWriter writer;

	private double seconds;

	HdrLog(OutputFile file) {
		this.file = file;
		this.out = file.print();
		this.writer = new HistogramLogWriter(this.out);
		this.writer.outputLogFormatVersion();
		this.writer.outputStartTime(System.currentTimeMillis());
		this.writer.outputLegend();
	}

	void add(LoadRun.Interval interval) {
		double end = interval.nanos() / 1e9;
		write("response", interval.figures().response(), end);
		write("service", interval.figures().service(), end);
		this.seconds = end;
	}

	/**
	 * All are written.
	 * @throws IllegalArgumentException if they could not be; it says so
	 */
	void end() {
		this.file.check(this.out);
	}

	private void write(String tag, Histogram times, double end) {
		times.setTag(tag);
		this.writer.outputIntervalHistogram(this.seconds, end, times, NANOS_IN_MILLI);
	}

}
