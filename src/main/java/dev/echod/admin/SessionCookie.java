package dev.echod.admin;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * The cookie that says whose session a request belongs to. Cookies are those of a host,
 * whatever its port: the port is in the name, so that services that were forwarded to
 * several ports of one machine do not end each other's sessions.
 */
final class SessionCookie {

	private static final String NAME = "echod-session";

	private SessionCookie() {
	}

	/**
	 * The id that a request comes with; null when it has none.
	 */
	static @Nullable String of(ServerWebExchange exchange) {
		ServerHttpRequest request = exchange.getRequest();
		HttpCookie cookie = request.getCookies().getFirst(name(request));
		return (cookie != null) ? cookie.getValue() : null;
	}

	/**
	 * Has the browser send the id from now on, until it is closed.
	 */
	static void set(ServerWebExchange exchange, String id) {
		exchange.getResponse().addCookie(cookie(exchange, id).build());
	}

	static void delete(ServerWebExchange exchange) {
		exchange.getResponse().addCookie(cookie(exchange, "").maxAge(Duration.ZERO).build());
	}

	private static ResponseCookie.ResponseCookieBuilder cookie(ServerWebExchange exchange, String id) {
		ServerHttpRequest request = exchange.getRequest();
		return ResponseCookie.from(name(request), id)
			.path(request.getPath().contextPath().value() + "/")
			.httpOnly(true)
			.sameSite("Strict")
			.secure("https".equals(request.getURI().getScheme()));
	}

	private static String name(ServerHttpRequest request) {
		int port = request.getURI().getPort();
		return (port > 0) ? NAME + "-" + port : NAME;
	}

}
