package dev.echod.admin;

import java.security.Principal;
import java.util.List;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.security.core.Authentication;
import org.springframework.web.server.ServerWebExchange;

/**
 * Who sent a request, as long as it is answered.
 *
 * @param name the user, or who a certificate or token says it is
 * @param roles what it may: {@code VIEWER} or {@code OPERATOR}
 * @param csrfToken what its changes have to come with; null where nothing is needed
 * @param loggedOut tells whether its session has ended meanwhile; it never does where
 * there is none
 */
public record Caller(String name, List<String> roles, @Nullable String csrfToken, BooleanSupplier loggedOut) {

	/**
	 * The sender of this request; nothing, if it is open to all and does not say.
	 */
	public static Mono<Caller> of(ServerWebExchange exchange) {
		return exchange.getPrincipal().map(Caller::of);
	}

	private static Caller of(Principal principal) {
		List<String> roles = (principal instanceof Authentication known) ? Roles.names(known.getAuthorities())
				: List.of();
		return (principal instanceof SessionLogin login)
				? new Caller(login.getName(), roles, login.session().csrfToken(), login::isOver)
				: new Caller(principal.getName(), roles, null, () -> false);
	}

	boolean isOperator() {
		return this.roles.contains(Roles.OPERATOR);
	}

}
