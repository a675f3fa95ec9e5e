package dev.echod.admin;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.ReactiveAuthenticationManagerResolver;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.web.server.authentication.ServerBearerTokenAuthenticationConverter;
import org.springframework.security.web.server.authentication.AuthenticationWebFilter;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.security.web.server.authentication.ServerAuthenticationEntryPointFailureHandler;
import org.springframework.security.web.server.authentication.ServerHttpBasicAuthenticationConverter;
import org.springframework.web.server.ServerWebExchange;

/**
 * The ways to say who one is. Each remembers where its user came from, for the audit.
 */
class Logins {

	private final PasswordChecks passwords;

	private final FailedLogins failedLogins;

	private final Refusals refusals;

	private final List<AuthenticationWebFilter> filters = new ArrayList<>();

	/**
	 * Create the ways that are configured: passwords always are.
	 * @param tokens null where no tokens are taken
	 */
	Logins(AdminProperties properties, AdminTls tls, PasswordChecks passwords, FailedLogins failedLogins,
			@Nullable TokenChecks tokens, Sessions sessions, Refusals refusals) {
		this.passwords = passwords;
		this.failedLogins = failedLogins;
		this.refusals = refusals;
		this.filters.add(filter(new ServerHttpBasicAuthenticationConverter(),
				(exchange) -> Mono.just((login) -> check(exchange, login))));
		if (tokens != null) {
			this.filters
				.add(filter(new ServerBearerTokenAuthenticationConverter(), (exchange) -> Mono.just(tokens::of)));
		}
		else if (!properties.jwt().claim().isEmpty()) {
			throw new AdminSettingException(
					"echod.admin.jwt is set, but no tokens are taken: nothing says who issues them.",
					"Set spring.security.oauth2.resourceserver.jwt.issuer-uri and "
							+ "spring.security.oauth2.resourceserver.jwt.audiences.");
		}
		if (properties.x509().isSet()) {
			if (!tls.asksClients()) {
				throw new AdminSettingException(
						"echod.admin.x509 is set, but no client of the admin API is asked for a certificate.",
						"Set server.ssl.client-auth, or management.server.ssl.client-auth where Actuator has a port of "
								+ "its own, to 'want' or 'need'.");
			}
			this.filters.add(filter(new CertificateLogins(properties.x509()), (exchange) -> Mono.just(Mono::just)));
		}
		// After certificates, which browsers show by themselves: it is by the form that
		// people say who they want to be.
		this.filters.add(filter(new SessionLogins(sessions), (exchange) -> Mono.just(Mono::just)));
	}

	List<AuthenticationWebFilter> filters() {
		return this.filters;
	}

	/**
	 * Checks a user name and password that came with a request. Who guesses is slowed
	 * down.
	 */
	Mono<Authentication> check(ServerWebExchange exchange, Authentication login) {
		Source source = Source.of(RequestDetails.of(exchange).source());
		return this.failedLogins.check(source, login.getName(), this.passwords.of(login));
	}

	private AuthenticationWebFilter filter(ServerAuthenticationConverter converter,
			ReactiveAuthenticationManagerResolver<ServerWebExchange> ofExchange) {
		AuthenticationWebFilter filter = new AuthenticationWebFilter(ofExchange);
		filter.setServerAuthenticationConverter(converter);
		filter.setAuthenticationFailureHandler(new ServerAuthenticationEntryPointFailureHandler(this.refusals));
		filter.setAuthenticationSuccessHandler((exchange, authentication) -> {
			if (authentication instanceof AbstractAuthenticationToken token) {
				token.setDetails(RequestDetails.of(exchange.getExchange()));
			}
			return exchange.getChain().filter(exchange.getExchange());
		});
		return filter;
	}

}
