package dev.echod.service;

import dev.echod.framing.HttpReply;
import dev.echod.framing.HttpRequest;

import org.springframework.integration.core.GenericHandler;
import org.springframework.messaging.MessageHeaders;

/**
 * A small HTTP server: says hello at its root (RFC 9110).
 */
class HttpService implements GenericHandler<HttpRequest> {

	private static final String ALLOWED = "GET, HEAD";

	@Override
	public HttpReply handle(HttpRequest request, MessageHeaders headers) {
		if (request.invalid() != 0) {
			return new HttpReply(request, request.invalid(), "", "");
		}
		if (!request.path().equals("/")) {
			return new HttpReply(request, 404, "", "");
		}
		return switch (request.method()) {
			case "GET", "HEAD" -> new HttpReply(request, 200, "hello", "");
			default -> new HttpReply(request, 405, "", ALLOWED);
		};
	}

}
