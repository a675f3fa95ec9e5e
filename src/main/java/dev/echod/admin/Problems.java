package dev.echod.admin;

import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.reactive.result.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.server.ContentTooLargeException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;

/**
 * Answers what WebFlux finds wrong with a problem (RFC 9457), and says of a body what it
 * is that cannot be taken.
 */
@ControllerAdvice
class Problems extends ResponseEntityExceptionHandler {

	@Override
	protected Mono<ResponseEntity<Object>> handleServerWebInputException(ServerWebInputException ex,
			HttpHeaders headers, HttpStatusCode status, ServerWebExchange exchange) {
		JacksonException cause = jsonFault(ex);
		return (cause != null) ? answer(ex, describe(cause), headers, status, exchange)
				: super.handleServerWebInputException(ex, headers, status, exchange);
	}

	private static @Nullable JacksonException jsonFault(Throwable ex) {
		Throwable cause = ex;
		while (cause != null && !(cause instanceof JacksonException)) {
			cause = cause.getCause();
		}
		return (JacksonException) cause;
	}

	private static String describe(JacksonException ex) {
		if (ex instanceof StreamReadException) {
			return "The body is no JSON, or names a field twice: line %d, column %d"
				.formatted(ex.getLocation().getLineNr(), ex.getLocation().getColumnNr());
		}
		if (ex.getPath().isEmpty()) {
			return "The body takes a JSON object, such as {\"reason\": \"maintenance\"}";
		}
		return "'%s' takes one value, such as a text or a number".formatted(ex.getPath()
			.stream()
			.map((reference) -> String.valueOf(reference.getPropertyName()))
			.collect(Collectors.joining(".")));
	}

	@Override
	protected Mono<ResponseEntity<Object>> handleUnsupportedMediaTypeStatusException(
			UnsupportedMediaTypeStatusException ex, HttpHeaders headers, HttpStatusCode status,
			ServerWebExchange exchange) {
		MediaType given = exchange.getRequest().getHeaders().getContentType();
		String detail = "A body is needed, if only {}, as application/json%s"
			.formatted((given != null) ? ", not " + given : "");
		return answer(ex, detail, headers, status, exchange);
	}

	@Override
	protected Mono<ResponseEntity<Object>> handleResponseStatusException(ResponseStatusException ex,
			HttpHeaders headers, HttpStatusCode status, ServerWebExchange exchange) {
		return (ex instanceof ContentTooLargeException) ? answer(ex,
				"The body is larger than %d bytes".formatted(WholeBodyFilter.MAX_BYTES), headers, status, exchange)
				: super.handleResponseStatusException(ex, headers, status, exchange);
	}

	private Mono<ResponseEntity<Object>> answer(Exception ex, String detail, HttpHeaders headers, HttpStatusCode status,
			ServerWebExchange exchange) {
		return handleExceptionInternal(ex, ProblemDetail.forStatusAndDetail(status, detail), headers, status, exchange);
	}

}
