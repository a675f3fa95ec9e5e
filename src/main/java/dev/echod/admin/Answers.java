package dev.echod.admin;

import java.net.URI;

import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/**
 * Writes a problem (RFC 9457) where no endpoint answers.
 */
final class Answers {

	private final JsonMapper mapper;

	Answers(JsonMapper mapper) {
		this.mapper = mapper;
	}

	Mono<Void> write(ServerWebExchange exchange, ProblemDetail problem) {
		String path = exchange.getRequest().getURI().getRawPath();
		if (!path.startsWith("//")) {
			problem.setInstance(URI.create(path));
		}
		ServerHttpResponse response = exchange.getResponse();
		response.setRawStatusCode(problem.getStatus());
		response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		byte[] body = this.mapper.writeValueAsBytes(problem);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
	}

}
