package dev.echod.admin;

import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

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
 * @param loggedOut tells whether it has to say anew who it is: its session has ended
 * meanwhile, or, where there is none, an hour has passed, in which its token may have
 * expired
 */
public record Caller(String name, List<String> roles, @Nullable String csrfToken, BooleanSupplier loggedOut) {

	static final Duration BELIEVED = Duration.ofHours(1);

	/**
	 * The sender of this request; nothing, if it is open to all and does not say.
	 */
	public static Mono<Caller> of(ServerWebExchange exchange) {
		return exchange.getPrincipal().map((principal) -> of(principal, System::nanoTime));
	}

	static Caller of(Principal principal, LongSupplier nanoClock) {
		long begun = nanoClock.getAsLong();
		List<String> roles = (principal instanceof Authentication known) ? Roles.names(known.getAuthorities())
				: List.of();
		return (principal instanceof SessionLogin login)
				? new Caller(login.getName(), roles, login.session().csrfToken(), login::isOver) : new Caller(
						principal.getName(), roles, null, () -> nanoClock.getAsLong() - begun > BELIEVED.toNanos());
	}

	/**
	 * Whether it may change something.
	 */
	public boolean isOperator() {
		return this.roles.contains(Roles.OPERATOR);
	}

}
