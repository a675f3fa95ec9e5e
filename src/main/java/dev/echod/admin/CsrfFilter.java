package dev.echod.admin;

import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Refuses changes that are authorised by a cookie, which a browser sends by itself, and
 * do not come with the session's token, which only a page of ours can read. Passwords and
 * tokens of others are not sent by themselves.
 */
class CsrfFilter implements WebFilter {

	private static final String HEADER = "X-CSRF-Token";

	private final Refusals refusals;

	CsrfFilter(Refusals refusals) {
		this.refusals = refusals;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (CrossSiteFilter.READING.contains(exchange.getRequest().getMethod()) || LoginRoutes.isLogin(exchange)) {
			return chain.filter(exchange);
		}
		return exchange.getPrincipal()
			.ofType(SessionLogin.class)
			.filter((login) -> !login.session().isCsrfToken(exchange.getRequest().getHeaders().getFirst(HEADER)))
			.map((forged) -> this.refusals.refuseForged(exchange, forged.getName()))
			.defaultIfEmpty(Mono.defer(() -> chain.filter(exchange)))
			.flatMap((next) -> next);
	}

}
