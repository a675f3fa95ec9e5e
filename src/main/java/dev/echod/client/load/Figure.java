package dev.echod.client.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.echod.connection.Times;
import org.HdrHistogram.Histogram;

import org.springframework.util.Assert;

/**
 * What is told of a load in one number. Times are response times, in nanoseconds.
 */
enum Figure {

	MEAN("mean"), P50("p50"), P90("p90"), P99("p99"), P99_9("p99.9"), MAX("max"),

	/**
	 * Connections that failed, and messages that were not answered.
	 */
	ERRORS("errors"),

	/**
	 * The share of the rate that was asked for.
	 */
	RATE("rate"),

	/**
	 * Messages in a second.
	 */
	THROUGHPUT("throughput");

	/**
	 * What Java takes for a number is more than what people do.
	 */
	private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");

	private final String text;

	Figure(String text) {
		this.text = text;
	}

	/**
	 * Finds one by its name.
	 * @throws IllegalArgumentException if there is none
	 */
	static Figure of(String name) {
		return Arrays.stream(values())
			.filter((figure) -> figure.text.equals(name))
			.findAny()
			.orElseThrow(() -> new IllegalArgumentException("there is no figure " + name));
	}

	static String names() {
		return Arrays.stream(values()).map(Figure::toString).collect(Collectors.joining(", "));
	}

	/**
	 * Those that are times.
	 */
	static Stream<Figure> times() {
		return Arrays.stream(values()).filter(Figure::isTime);
	}

	boolean isTime() {
		return compareTo(ERRORS) < 0;
	}

	/**
	 * What it is; not a number for the time of no reply.
	 */
	double of(LoadResult result) {
		return switch (this) {
			case ERRORS -> result.errors();
			case RATE -> result.rateShare();
			case THROUGHPUT -> result.rate();
			default -> of(result.figures().response());
		};
	}

	/**
	 * What it is of times; not a number where there are none, or it is no time.
	 */
	double of(Histogram times) {
		if (times.getTotalCount() == 0) {
			return Double.NaN;
		}
		return switch (this) {
			case MEAN -> times.getMean();
			case P50 -> times.getValueAtPercentile(50);
			case P90 -> times.getValueAtPercentile(90);
			case P99 -> times.getValueAtPercentile(99);
			case P99_9 -> times.getValueAtPercentile(99.9);
			case MAX -> times.getMaxValue();
			default -> Double.NaN;
		};
	}

	/**
	 * Reads what one may be compared with.
	 * @throws IllegalArgumentException if the text is no time, or no number
	 */
	double read(String value) {
		if (isTime()) {
			Duration time = Times.parse(value);
			return time.getSeconds() * 1e9 + time.getNano();
		}
		Assert.isTrue(NUMBER.matcher(value).matches(), "it is no number");
		return Double.parseDouble(value);
	}

	@Override
	public String toString() {
		return this.text;
	}

}
