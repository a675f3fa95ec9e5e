package dev.echod.admin;

import java.net.URI;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Refuses changes that a page of another site has a browser send: those with a foreign
 * {@code Origin}. And whatever has a {@code Host} that the firewall takes for none.
 */
class CrossSiteFilter implements WebFilter {

	static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

	private final Refusals refusals;

	CrossSiteFilter(Refusals refusals) {
		this.refusals = refusals;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		HttpHeaders headers = exchange.getRequest().getHeaders();
		if (headers.getFirst(HttpHeaders.HOST) != null && exchange.getRequest().getURI().getHost() == null) {
			return this.refusals.refuseHost(exchange);
		}
		String origin = headers.getOrigin();
		if (origin != null && !READING.contains(exchange.getRequest().getMethod()) && !sameOrigin(origin, headers)) {
			return this.refusals.refuseForeign(exchange);
		}
		return chain.filter(exchange);
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
