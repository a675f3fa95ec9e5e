package dev.echod.admin;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import java.util.Set;

import dev.echod.refusal.RefusedRequests;
import dev.echod.refusal.RefusedRequests.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authorization.ServerAccessDeniedHandler;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedException;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.web.server.ServerWebExchange;

/**
 * Answers those who may not with a problem (RFC 9457), counts them, and has them
 * recorded.
 */
class Refusals implements ServerAuthenticationEntryPoint, ServerAccessDeniedHandler, ServerExchangeRejectedHandler {

	private static final String NOBODY = "anonymous";

	/**
	 * As RFC 6750 has it.
	 */
	private static final String BEARER = "Bearer realm=\"echod\"";

	private final RecordedRefusals records;

	private final RefusedRequests counts;

	private final Answers answers;

	private final Set<String> users;

	private final boolean takesTokens;

	/**
	 * Create refusals.
	 * @param users the names of the users; what else is typed as a name may be a password
	 * @param takesTokens whether tokens are taken beside them
	 */
	Refusals(RecordedRefusals records, RefusedRequests counts, Answers answers, Set<String> users,
			boolean takesTokens) {
		this.records = records;
		this.counts = counts;
		this.answers = answers;
		this.users = users;
		this.takesTokens = takesTokens;
	}

	@Override
	public Mono<Void> commence(ServerWebExchange exchange, AuthenticationException ex) {
		HttpHeaders headers = exchange.getResponse().getHeaders();
		if (ex instanceof TooManyFailuresException slowed) {
			headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(slowed.seconds()));
			return refuse(exchange, HttpStatus.TOO_MANY_REQUESTS, claimedName(exchange), Reason.TOO_MANY_FAILURES,
					"Too many user names and passwords were wrong from this address, or wait to be looked at; retry in %d s"
						.formatted(slowed.seconds()));
		}
		if (ex instanceof KeysUnavailableException) {
			headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(KeyFetches.SHARED.toSeconds()));
			return refuse(exchange, HttpStatus.SERVICE_UNAVAILABLE, NOBODY, Reason.KEYS_UNAVAILABLE,
					"The keys of who issues tokens are not to be had: none is taken for now");
		}
		headers.set(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"echod\"");
		if (ex instanceof OAuth2AuthenticationException) {
			headers.add(HttpHeaders.WWW_AUTHENTICATE, BEARER + ", error=\"invalid_token\"");
			return refuse(exchange, HttpStatus.UNAUTHORIZED, NOBODY, Reason.WRONG_TOKEN,
					String.valueOf(ex.getMessage()));
		}
		if (this.takesTokens) {
			headers.add(HttpHeaders.WWW_AUTHENTICATE, BEARER);
		}
		if (ex instanceof AuthenticationCredentialsNotFoundException) {
			return refuse(exchange, HttpStatus.UNAUTHORIZED, claimedName(exchange), Reason.NO_CREDENTIALS,
					this.takesTokens ? "A user name and password, or a token, are needed"
							: "A user name and password are needed");
		}
		return refuse(exchange, HttpStatus.UNAUTHORIZED, claimedName(exchange), Reason.WRONG_PASSWORD,
				"The user name or the password is wrong");
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, AccessDeniedException ex) {
		return exchange.getPrincipal()
			.flatMap((caller) -> refuse(exchange, HttpStatus.FORBIDDEN, caller.getName(), Reason.NOT_ALLOWED,
					hasRole(caller) ? "Only the operator may" : "Only the operator and the viewer may"));
	}

	private static boolean hasRole(Principal caller) {
		return caller instanceof Authentication authentication && !authentication.getAuthorities().isEmpty();
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, ServerExchangeRejectedException ex) {
		return refuse(exchange, HttpStatus.BAD_REQUEST, claimedName(exchange), Reason.UNSAFE_REQUEST,
				String.valueOf(ex.getMessage()));
	}

	/**
	 * Refuses a request whose {@code Host} cannot be looked at, by itself or by what
	 * follows it: {@code OPTIONS *} has no path.
	 */
	Mono<Void> refuseHost(ServerWebExchange exchange) {
		return refuse(exchange, HttpStatus.BAD_REQUEST, claimedName(exchange), Reason.UNSAFE_REQUEST,
				"The Host is no name, or the path is none");
	}

	/**
	 * Refuses a page of another site.
	 */
	Mono<Void> refuseForeign(ServerWebExchange exchange) {
		return refuse(exchange, HttpStatus.FORBIDDEN, claimedName(exchange), Reason.FOREIGN_ORIGIN,
				"The Origin is another site");
	}

	private Mono<Void> refuse(ServerWebExchange exchange, HttpStatus status, String actor, Reason reason, String why) {
		ServerHttpRequest request = exchange.getRequest();
		this.counts.add(reason);
		this.records.add(actor, request.getMethod() + " " + request.getPath(), RequestDetails.of(exchange).source(),
				reason, why);
		return this.answers.write(exchange, ProblemDetail.forStatusAndDetail(status, why));
	}

	/**
	 * The user whose name a request came with, whatever the password.
	 */
	private String claimedName(ServerWebExchange exchange) {
		String name = basicName(exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION));
		return (name != null && this.users.contains(name)) ? name : NOBODY;
	}

	private static @Nullable String basicName(@Nullable String authorization) {
		if (authorization == null || !authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
			return null;
		}
		try {
			byte[] decoded = Base64.getDecoder().decode(authorization.substring(6).strip());
			String credentials = new String(decoded, StandardCharsets.UTF_8);
			int colon = credentials.indexOf(':');
			return (colon > 0) ? credentials.substring(0, colon) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
