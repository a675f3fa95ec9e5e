package dev.echod.connection;

import java.time.Duration;
import java.util.regex.Pattern;

import org.springframework.boot.convert.DurationStyle;

/**
 * Reads times as people write them: {@code 90s}, {@code 500ms}, {@code PT1M30S} (ISO
 * 8601). A number without a unit is none: whoever wrote it thought of seconds or of
 * milliseconds, and nobody knows of which. Only 0 means the same in all.
 */
public final class Times {

	/**
	 * What is allowed, for who was given something else.
	 */
	public static final String ALLOWED = "a time with its unit, such as 90s, 500ms or PT1M30S";

	private static final Pattern NO_UNIT = Pattern.compile("[+-]?\\d+");

	private static final Pattern ZERO = Pattern.compile("[+-]?0+");

	private Times() {
	}

	/**
	 * Reads a time.
	 * @throws IllegalArgumentException if the text is no time, has no unit, or is
	 * negative
	 */
	public static Duration parse(String text) {
		String stripped = text.strip();
		if (isWithoutUnit(stripped)) {
			throw new IllegalArgumentException("'%s' has no unit".formatted(text));
		}
		Duration time = DurationStyle.detectAndParse(stripped);
		if (time.isNegative()) {
			throw new IllegalArgumentException("'%s' is negative".formatted(text));
		}
		return time;
	}

	/**
	 * Whether the text is a number that means another time in each unit.
	 */
	public static boolean isWithoutUnit(String text) {
		String stripped = text.strip();
		return NO_UNIT.matcher(stripped).matches() && !ZERO.matcher(stripped).matches();
	}

	/**
	 * As a number of seconds, for programs to compare.
	 */
	public static double seconds(Duration time) {
		return time.toNanos() / 1e9;
	}

}
