package dev.echod.admin;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

import dev.echod.connection.AddressRange;
import dev.echod.connection.ConnectionFilter;
import dev.echod.connection.ConnectionState;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;

/**
 * Reads the parameters of requests. What is wrong ends in an
 * {@link IllegalArgumentException} that names the parameter and what it takes.
 */
final class RequestParameters {

	private RequestParameters() {
	}

	static ConnectionFilter filter(@Nullable String listener, @Nullable String peer, @Nullable String idleFor,
			@Nullable String olderThan, @Nullable String state) {
		return new ConnectionFilter(listener,
				parse("peer", "an address or a range such as 10.0.0.0/8", peer, AddressRange::parse),
				duration("idleFor", idleFor), duration("olderThan", olderThan),
				enumeration("state", ConnectionState.class, state));
	}

	static @Nullable Duration duration(String name, @Nullable String text) {
		return parse(name, "a time such as PT1M or 90s", text, (value) -> {
			Duration duration = DurationStyle.detectAndParse(value);
			if (duration.isNegative()) {
				throw new IllegalArgumentException("negative");
			}
			return duration;
		});
	}

	static <E extends Enum<E>> @Nullable E enumeration(String name, Class<E> type, @Nullable String text) {
		String allowed = String.join(" or ", Arrays.stream(type.getEnumConstants()).map(Enum::name).toList());
		return parse(name, allowed, text, (value) -> Enum.valueOf(type, value.toUpperCase(Locale.ROOT)));
	}

	static int integer(String name, @Nullable String text, int min, int max, int defaultValue) {
		Integer number = parse(name, "a number from %d to %d".formatted(min, max), text, (value) -> {
			int parsed = Integer.parseInt(value);
			if (parsed < min || parsed > max) {
				throw new IllegalArgumentException("out of range");
			}
			return parsed;
		});
		return (number != null) ? number : defaultValue;
	}

	static boolean flag(String name, @Nullable String text) {
		return Boolean.TRUE.equals(parse(name, "true or false", text, (value) -> switch (value) {
			case "true" -> true;
			case "false" -> false;
			default -> throw new IllegalArgumentException("neither");
		}));
	}

	private static <T> @Nullable T parse(String name, String allowed, @Nullable String text,
			Function<String, T> parser) {
		if (text == null) {
			return null;
		}
		try {
			return parser.apply(text);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw new IllegalArgumentException("'%s' takes %s, not '%s'".formatted(name, allowed, text), ex);
		}
	}

}
