package dev.echod.admin;

import java.util.function.Supplier;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * The answers of the endpoints: what was asked for, or one sentence that says what was
 * wrong.
 */
final class Answers {

	private Answers() {
	}

	/**
	 * Turns wrong parameters into status 400.
	 */
	static WebEndpointResponse<Object> checked(Supplier<WebEndpointResponse<Object>> answer) {
		try {
			return answer.get();
		}
		catch (IllegalArgumentException ex) {
			return failed(WebEndpointResponse.STATUS_BAD_REQUEST, String.valueOf(ex.getMessage()));
		}
	}

	static WebEndpointResponse<Object> ok(Object body) {
		return new WebEndpointResponse<>(body);
	}

	static WebEndpointResponse<Object> notFound(String what, String name) {
		return failed(WebEndpointResponse.STATUS_NOT_FOUND, "There is no %s '%s'".formatted(what, name));
	}

	static WebEndpointResponse<Object> conflict(String error) {
		return failed(409, error);
	}

	private static WebEndpointResponse<Object> failed(int status, String error) {
		return new WebEndpointResponse<>(new Failure(error), status);
	}

	record Failure(String error) {

	}

}
