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

	private static final String CLAIMED = Refusals.class.getName() + ".CLAIMED";

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

	/**
	 * Remembers the name that a request came with elsewhere than in its header.
	 */
	static void claim(ServerWebExchange exchange, String name) {
		exchange.getAttributes().put(CLAIMED, name);
	}

	@Override
	public Mono<Void> commence(ServerWebExchange exchange, AuthenticationException ex) {
		if (ex instanceof AuthenticationCredentialsNotFoundException
				&& BrowserRequests.isForPageWithoutLogin(exchange)) {
			exchange.getResponse().setStatusCode(HttpStatus.SEE_OTHER);
			exchange.getResponse().getHeaders().setLocation(BrowserRequests.address(exchange, LoginRoutes.LOGIN));
			return exchange.getResponse().setComplete();
		}
		Verdict verdict = verdict(ex);
		HttpHeaders headers = exchange.getResponse().getHeaders();
		if (verdict.retryAfterSeconds() != null) {
			headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(verdict.retryAfterSeconds()));
		}
		else if (!BrowserRequests.isByPage(exchange)) {
			challenge(headers, ex);
		}
		return refuse(exchange, verdict.status(), nameOf(exchange, ex), verdict.reason(), verdict.why());
	}

	/**
	 * Counts and records a login that failed, and leaves the answer to the caller.
	 */
	void note(ServerWebExchange exchange, AuthenticationException ex) {
		Verdict verdict = verdict(ex);
		record(exchange, nameOf(exchange, ex), verdict.reason(), verdict.why());
	}

	private void challenge(HttpHeaders headers, AuthenticationException ex) {
		headers.set(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"echod\"");
		if (ex instanceof OAuth2AuthenticationException) {
			headers.add(HttpHeaders.WWW_AUTHENTICATE, BEARER + ", error=\"invalid_token\"");
		}
		else if (this.takesTokens) {
			headers.add(HttpHeaders.WWW_AUTHENTICATE, BEARER);
		}
	}

	private Verdict verdict(AuthenticationException ex) {
		return switch (ex) {
			case TooManyFailuresException slowed -> new Verdict(HttpStatus.TOO_MANY_REQUESTS, Reason.TOO_MANY_FAILURES,
					"Too many user names and passwords were wrong from this address, or wait to be looked at; retry in %d s"
						.formatted(slowed.seconds()),
					slowed.seconds());
			case KeysUnavailableException unavailable -> new Verdict(HttpStatus.SERVICE_UNAVAILABLE,
					Reason.KEYS_UNAVAILABLE, "The keys of who issues tokens are not to be had: none is taken for now",
					KeyFetches.SHARED.toSeconds());
			case OAuth2AuthenticationException token ->
				new Verdict(HttpStatus.UNAUTHORIZED, Reason.WRONG_TOKEN, String.valueOf(token.getMessage()), null);
			case AuthenticationCredentialsNotFoundException none -> new Verdict(HttpStatus.UNAUTHORIZED,
					Reason.NO_CREDENTIALS, this.takesTokens ? "A user name and password, or a token, are needed"
							: "A user name and password are needed",
					null);
			default -> new Verdict(HttpStatus.UNAUTHORIZED, Reason.WRONG_PASSWORD,
					"The user name or the password is wrong", null);
		};
	}

	private String nameOf(ServerWebExchange exchange, AuthenticationException ex) {
		boolean ofToken = ex instanceof KeysUnavailableException || ex instanceof OAuth2AuthenticationException;
		return ofToken ? NOBODY : claimedName(exchange);
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

	/**
	 * Refuses a change that a page may have sent which is none of ours.
	 */
	Mono<Void> refuseForged(ServerWebExchange exchange, String actor) {
		return refuse(exchange, HttpStatus.FORBIDDEN, actor, Reason.WRONG_CSRF_TOKEN,
				"The CSRF token is missing or wrong");
	}

	private Mono<Void> refuse(ServerWebExchange exchange, HttpStatus status, String actor, Reason reason, String why) {
		record(exchange, actor, reason, why);
		return this.answers.write(exchange, ProblemDetail.forStatusAndDetail(status, why));
	}

	private void record(ServerWebExchange exchange, String actor, Reason reason, String why) {
		ServerHttpRequest request = exchange.getRequest();
		this.counts.add(reason);
		this.records.add(actor, request.getMethod() + " " + request.getPath(), RequestDetails.of(exchange).source(),
				reason, why);
	}

	/**
	 * The user whose name a request came with, whatever the password.
	 */
	private String claimedName(ServerWebExchange exchange) {
		String name = exchange.getAttribute(CLAIMED);
		if (name == null) {
			name = basicName(exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION));
		}
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

	/**
	 * What is told whose login is not taken.
	 *
	 * @param retryAfterSeconds null where it is of no use to try the same again
	 */
	private record Verdict(HttpStatus status, Reason reason, String why, @Nullable Long retryAfterSeconds) {

	}

}
