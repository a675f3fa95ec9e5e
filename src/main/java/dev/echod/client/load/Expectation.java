package dev.echod.client.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.echod.connection.Times;
import org.HdrHistogram.Histogram;

import org.springframework.util.Assert;

/**
 * What somebody expects of a load, such as {@code p99<5ms}, {@code errors=0} or
 * {@code rate>=0.95}.
 *
 * @param text as it was written
 */
record Expectation(String text, Figure figure, String comparison, double value) {

	private static final Pattern PARTS = Pattern.compile("([a-z0-9.]+)\\s*(<=|>=|<|>|=)\\s*(\\S+)");

	/**
	 * Reads one.
	 * @throws IllegalArgumentException if the text is none; it says what is
	 */
	static Expectation of(String text) {
		Matcher parts = PARTS.matcher(text.strip());
		try {
			Assert.isTrue(parts.matches(), "it is no comparison");
			Figure figure = Figure.of(parts.group(1));
			return new Expectation(text.strip(), figure, parts.group(2), figure.read(parts.group(3)));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"--expect takes one of %s, then < or <= or = or >= or >, and a time such as 5ms or a number, not '%s'"
						.formatted(Figure.names(), text),
					ex);
		}
	}

	boolean isMet(LoadResult result) {
		double actual = this.figure.of(result);
		return switch (this.comparison) {
			case "<" -> actual < this.value;
			case "<=" -> actual <= this.value;
			case ">=" -> actual >= this.value;
			case ">" -> actual > this.value;
			default -> actual == this.value;
		};
	}

	/**
	 * The figure, as text.
	 */
	String actual(LoadResult result) {
		double actual = this.figure.of(result);
		return this.figure.isTime() ? Summary.millis((long) actual) : String.format(Locale.ROOT, "%,.3f", actual);
	}

	/**
	 * What something can be expected of. Times are response times, in nanoseconds.
	 */
	enum Figure {

		P50("p50"), P90("p90"), P99("p99"), P99_9("p99.9"), MAX("max"), MEAN("mean"),

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

		private final String text;

		Figure(String text) {
			this.text = text;
		}

		double of(LoadResult result) {
			Histogram response = result.figures().response();
			return switch (this) {
				case P50 -> response.getValueAtPercentile(50);
				case P90 -> response.getValueAtPercentile(90);
				case P99 -> response.getValueAtPercentile(99);
				case P99_9 -> response.getValueAtPercentile(99.9);
				case MAX -> response.getMaxValue();
				case MEAN -> response.getMean();
				case ERRORS -> result.errors();
				case RATE -> result.rateShare();
				case THROUGHPUT -> result.rate();
			};
		}

		boolean isTime() {
			return compareTo(ERRORS) < 0;
		}

		private static Figure of(String name) {
			return Arrays.stream(values())
				.filter((figure) -> figure.text.equals(name))
				.findAny()
				.orElseThrow(() -> new IllegalArgumentException("there is no figure " + name));
		}

		private static String names() {
			return Arrays.stream(values()).map((figure) -> figure.text).collect(Collectors.joining(", "));
		}

		private double read(String value) {
			return isTime() ? Times.parse(value).toNanos() : Double.parseDouble(value);
		}

	}

}
