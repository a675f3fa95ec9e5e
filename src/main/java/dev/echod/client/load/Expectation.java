package dev.echod.client.load;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
		if (Double.isNaN(actual)) {
			return "unknown, as no reply came";
		}
		return this.figure.isTime() ? Summary.millis((long) actual) : String.format(Locale.ROOT, "%,.3f", actual);
	}

}
