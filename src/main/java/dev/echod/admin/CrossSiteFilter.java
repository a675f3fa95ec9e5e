package dev.echod.admin;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Refuses what a page of another site lets a browser send: changes with a foreign
 * {@code Origin} and, while the admin API is bound to a loopback address, any request
 * whose {@code Host} is no loopback name, as after DNS rebinding.
 */
class CrossSiteFilter implements WebFilter {

	private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

	private static final Pattern LOOPBACK = Pattern
		.compile("localhost|127(\\.\\d{1,3}){3}|\\[?(::1|0:0:0:0:0:0:0:1)]?");

	private final boolean onLoopback;

	private final Refusals refusals;

	CrossSiteFilter(boolean onLoopback, Refusals refusals) {
		this.onLoopback = onLoopback;
		this.refusals = refusals;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		HttpHeaders headers = exchange.getRequest().getHeaders();
		String host = host(headers);
		if (this.onLoopback && !LOOPBACK.matcher(host).matches()) {
			return refuse(exchange, "the Host is no loopback name");
		}
		String origin = headers.getOrigin();
		if (origin != null && !READING.contains(exchange.getRequest().getMethod()) && !sameOrigin(origin, headers)) {
			return refuse(exchange, "the Origin is another site");
		}
		return chain.filter(exchange);
	}

	private Mono<Void> refuse(ServerWebExchange exchange, String reason) {
		return this.refusals.refuse(exchange, HttpStatus.FORBIDDEN, Refusals.claimedName(exchange), reason);
	}

	private static String host(HttpHeaders headers) {
		InetSocketAddress host = headers.getHost();
		return (host != null) ? host.getHostString().toLowerCase(Locale.ROOT) : "";
	}

	private static boolean sameOrigin(String origin, HttpHeaders headers) {
		String authority = authority(origin);
		return authority != null && authority.equalsIgnoreCase(headers.getFirst(HttpHeaders.HOST));
	}

	private static @Nullable String authority(String origin) {
		try {
			return URI.create(origin).getAuthority();
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
