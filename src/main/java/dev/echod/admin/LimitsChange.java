package dev.echod.admin;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.echod.connection.Times;
import dev.echod.listener.ListenerProperties.Limits;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.unit.DataSize;

/**
 * What of a listener's limits is to change. What is null stays as it is.
 */
record LimitsChange(@Nullable Integer connections, @Nullable Integer connectionsPerAddress,
		@Nullable Integer acceptsPerSecond, @Nullable DataSize readBytesPerSecond,
		@Nullable DataSize writeBytesPerSecond, @Nullable Duration idle, @Nullable Duration maxAge,
		@Nullable Duration writeStall, @Nullable Duration handshake) {

	private static final List<String> KNOWN = List.of("connections", "connectionsPerAddress", "acceptsPerSecond",
			"readBytesPerSecond", "writeBytesPerSecond", "idle", "maxAge", "writeStall", "handshake");

	/**
	 * What is allowed, for who gave something else.
	 */
	static final String ALLOWED = "an object with any of " + String.join(", ", KNOWN);

	/**
	 * Reads a JSON object.
	 * @throws org.springframework.web.server.ResponseStatusException if a name is not
	 * known or a value is not allowed
	 */
	static LimitsChange parse(String text, JsonMapper mapper) {
		Map<String, @Nullable String> fields = fields(text, mapper);
		fields.keySet().forEach((name) -> {
			if (!KNOWN.contains(name)) {
				throw Failures
					.badRequest("'limits.%s' is not known; known are %s".formatted(name, String.join(", ", KNOWN)));
			}
		});
		return new LimitsChange(number("connections", Integer.MAX_VALUE, fields),
				number("connectionsPerAddress", Integer.MAX_VALUE, fields),
				number("acceptsPerSecond", Limits.MAX_ACCEPTS_PER_SECOND, fields), size("readBytesPerSecond", fields),
				size("writeBytesPerSecond", fields), time("idle", Limits.MAX_LIFE_DAYS, fields),
				time("maxAge", Limits.MAX_LIFE_DAYS, fields), time("writeStall", Limits.MAX_STALL_DAYS, fields),
				time("handshake", Limits.MAX_STALL_DAYS, fields));
	}

	private static Map<String, @Nullable String> fields(String text, JsonMapper mapper) {
		try {
			Map<String, @Nullable String> fields = mapper.readValue(text, new TypeReference<>() {
			});
			if (fields != null && !fields.isEmpty()) {
				return fields;
			}
		}
		catch (JacksonException ex) {
			// Said below.
		}
		throw Failures.badRequest("'limits' takes %s, not '%s'".formatted(ALLOWED, text));
	}

	private static @Nullable Integer number(String name, int max, Map<String, @Nullable String> fields) {
		if (!fields.containsKey(name)) {
			return null;
		}
		String text = String.valueOf(fields.get(name));
		try {
			int number = Integer.parseInt(text);
			if (number >= 0 && number <= max) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Said below.
		}
		throw Failures.badRequest("'limits.%s' takes a number from 0 to %d, not '%s'".formatted(name, max, text));
	}

	private static @Nullable DataSize size(String name, Map<String, @Nullable String> fields) {
		if (!fields.containsKey(name)) {
			return null;
		}
		String text = String.valueOf(fields.get(name));
		try {
			DataSize size = DataSize.parse(text);
			if (!size.isNegative()) {
				return size;
			}
		}
		catch (IllegalArgumentException ex) {
			// Said below.
		}
		throw Failures
			.badRequest("'limits.%s' takes a number of bytes, such as 65536 or 64KB, not '%s'".formatted(name, text));
	}

	private static @Nullable Duration time(String name, int maxDays, Map<String, @Nullable String> fields) {
		if (!fields.containsKey(name)) {
			return null;
		}
		String text = String.valueOf(fields.get(name));
		try {
			Duration time = Times.parse(text);
			if (time.compareTo(Duration.ofDays(maxDays)) <= 0) {
				return time;
			}
		}
		catch (IllegalArgumentException ex) {
			throw Failures.badRequest("'limits.%s' takes %s, not '%s'".formatted(name, Times.ALLOWED, text));
		}
		throw Failures.badRequest("'limits.%s' takes up to %d days, not '%s'".formatted(name, maxDays, text));
	}

	/**
	 * The limits with what changes.
	 */
	Limits appliedTo(Limits before) {
		return new Limits(or(this.connections, before.connections()),
				or(this.connectionsPerAddress, before.connectionsPerAddress()),
				or(this.acceptsPerSecond, before.acceptsPerSecond()),
				or(this.readBytesPerSecond, before.readBytesPerSecond()),
				or(this.writeBytesPerSecond, before.writeBytesPerSecond()), or(this.idle, before.idle()),
				or(this.maxAge, before.maxAge()), or(this.writeStall, before.writeStall()),
				or(this.handshake, before.handshake()));
	}

	private static <T> T or(@Nullable T changed, T before) {
		return (changed != null) ? changed : before;
	}

	/**
	 * What it changes, with the values before and after.
	 */
	String describe(Limits before) {
		Map<String, Object> after = values(appliedTo(before));
		String changed = values(before).entrySet()
			.stream()
			.filter((value) -> !value.getValue().equals(after.get(value.getKey())))
			.map((value) -> "%s %s to %s".formatted(value.getKey(), value.getValue(), after.get(value.getKey())))
			.collect(Collectors.joining(", "));
		return changed.isEmpty() ? "nothing" : changed;
	}

	private static Map<String, Object> values(Limits limits) {
		Map<String, Object> values = new LinkedHashMap<>();
		values.put("connections", limits.connections());
		values.put("connectionsPerAddress", limits.connectionsPerAddress());
		values.put("acceptsPerSecond", limits.acceptsPerSecond());
		values.put("readBytesPerSecond", limits.readBytesPerSecond());
		values.put("writeBytesPerSecond", limits.writeBytesPerSecond());
		values.put("idle", limits.idle());
		values.put("maxAge", limits.maxAge());
		values.put("writeStall", limits.writeStall());
		values.put("handshake", limits.handshake());
		return values;
	}

}
