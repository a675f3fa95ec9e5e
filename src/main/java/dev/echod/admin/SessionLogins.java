package dev.echod.admin;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;

/**
 * Takes the cookie of a session for the login of whose it is. Who sends a user name and
 * password, or a token, besides, is taken for that alone.
 */
class SessionLogins implements ServerAuthenticationConverter {

	private final Sessions sessions;

	SessionLogins(Sessions sessions) {
		this.sessions = sessions;
	}

	@Override
	public Mono<Authentication> convert(ServerWebExchange exchange) {
		boolean hasOther = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION) != null;
		Session session = hasOther ? null : session(exchange);
		return (session != null) ? Mono.just(new SessionLogin(session, this.sessions)) : Mono.empty();
	}

	private @Nullable Session session(ServerWebExchange exchange) {
		String id = SessionCookie.of(exchange);
		return (id != null) ? this.sessions.use(id) : null;
	}

}
