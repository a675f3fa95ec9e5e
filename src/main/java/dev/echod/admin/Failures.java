package dev.echod.admin;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * What an endpoint answers when it does not do what it was asked: a problem (RFC 9457)
 * whose detail is one sentence that says what was wrong.
 */
final class Failures {

	private Failures() {
	}

	static ResponseStatusException badRequest(String detail) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, detail);
	}

	static ResponseStatusException notFound(String what, String name) {
		return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no %s '%s'".formatted(what, name));
	}

	static ResponseStatusException conflict(RuntimeException cause) {
		return conflict(String.valueOf(cause.getMessage()));
	}

	static ResponseStatusException conflict(String detail) {
		return new ResponseStatusException(HttpStatus.CONFLICT, detail);
	}

	/**
	 * Checks a number's range.
	 * @param value null for the default
	 */
	static int within(String name, int min, int max, @Nullable Integer value, int defaultValue) {
		Integer checked = within(name, min, max, value);
		return (checked != null) ? checked : defaultValue;
	}

	/**
	 * Checks a number's range.
	 * @param value null where it need not be given
	 * @return the value
	 */
	static @Nullable Integer within(String name, int min, int max, @Nullable Integer value) {
		if (value != null && (value < min || value > max)) {
			throw badRequest("'%s' takes a number from %d to %d, not '%d'".formatted(name, min, max, value));
		}
		return value;
	}

}
