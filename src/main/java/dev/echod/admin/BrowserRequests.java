package dev.echod.admin;

import java.net.URI;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * Tells what a browser asks for to show it to a person, and what the page that it shows
 * asks for, from the calls of programs.
 */
final class BrowserRequests {

	private BrowserRequests() {
	}

	/**
	 * Whether a page is wanted, be it one that says what is wrong.
	 */
	static boolean isForPage(ServerWebExchange exchange) {
		return accepts(exchange.getRequest(), MediaType.TEXT_HTML);
	}

	/**
	 * Whether a page is asked for by who does not say who he is.
	 */
	static boolean isForPageWithoutLogin(ServerWebExchange exchange) {
		ServerHttpRequest request = exchange.getRequest();
		return HttpMethod.GET.equals(request.getMethod()) && isForPage(exchange)
				&& request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION) == null;
	}

	/**
	 * Whether a page of ours asks, which has a form for names and passwords: the browser
	 * shall not ask for them too.
	 */
	static boolean isByPage(ServerWebExchange exchange) {
		ServerHttpRequest request = exchange.getRequest();
		return "XMLHttpRequest".equals(request.getHeaders().getFirst("X-Requested-With"))
				|| accepts(request, MediaType.TEXT_EVENT_STREAM) || LoginRoutes.isLogin(exchange);
	}

	/**
	 * Where a path is, under what all paths are under.
	 */
	static URI address(ServerWebExchange exchange, String path) {
		return URI.create(exchange.getRequest().getPath().contextPath().value() + path);
	}

	/**
	 * Named outright: programs take anything.
	 */
	private static boolean accepts(ServerHttpRequest request, MediaType type) {
		String accepted = request.getHeaders().getFirst(HttpHeaders.ACCEPT);
		return accepted != null && accepted.contains(type.toString());
	}

}
