package dev.echod.client.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * Reads what options take. Of what they do not, the exceptions say what they do.
 */
final class OptionValues {

	private static final Duration LONGEST = Duration.ofDays(30);

	private OptionValues() {
	}

	static long number(String option, String text, long min, long max) {
		try {
			long number = Long.parseLong(text);
			Assert.isTrue(number >= min && number <= max, "it is out of range");
			return number;
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("%s takes a number from %d%s, not '%s'".formatted(option, min,
					(max < Long.MAX_VALUE / 4) ? " to " + max : "", text), ex);
		}
	}

	static Duration time(String option, Duration time) {
		Assert.isTrue(time.compareTo(LONGEST) <= 0, () -> "%s takes up to 30 days, not %s".formatted(option, time));
		return time;
	}

	static long bytes(String option, String text) {
		try {
			long bytes = DataSize.parse(text).toBytes();
			Assert.isTrue(bytes >= 1, "it is not positive");
			return bytes;
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw new IllegalArgumentException(
					"%s takes a size from 1, such as 1000000, 64KB or 1MB, not '%s'".formatted(option, text), ex);
		}
	}

	static <E extends Enum<E>> E oneOf(String option, String text, E[] allowed) {
		return oneOf(option, text, Arrays.stream(allowed));
	}

	static <T> T oneOf(String option, String text, Stream<T> allowed) {
		List<T> all = allowed.toList();
		return all.stream()
			.filter((each) -> each.toString().equals(text))
			.findAny()
			.orElseThrow(() -> new IllegalArgumentException("%s takes %s, not '%s'".formatted(option,
					all.stream().map(Object::toString).collect(Collectors.joining(" or ")), text)));
	}

}
