package dev.echod.admin;

import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authorization.ServerAccessDeniedHandler;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedException;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.web.server.ServerWebExchange;

/**
 * Answers those who may not with a problem (RFC 9457), and has them recorded: once a
 * minute for each address they come from and reason, with how many there were since.
 */
class Refusals implements ServerAuthenticationEntryPoint, ServerAccessDeniedHandler, ServerExchangeRejectedHandler {

	private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

	/**
	 * Addresses and reasons whose last record is remembered; of more, the one that was
	 * silent longest is forgotten.
	 */
	private static final int MOST_SOURCES = 1_000;

	private static final String NOBODY = "anonymous";

	private final ChangeAudit audit;

	private final JsonMapper mapper;

	private final Set<String> users;

	private final LongSupplier nanoClock;

	/**
	 * By address and reason; used under its own lock.
	 */
	private final Map<String, Source> sources = new LinkedHashMap<>(16, 0.75F, true) {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Source> eldest) {
			return size() > MOST_SOURCES;
		}

	};

	/**
	 * Create refusals.
	 * @param users the names of the users; what else is typed as a name may be a password
	 */
	Refusals(ChangeAudit audit, JsonMapper mapper, Set<String> users, LongSupplier nanoClock) {
		this.audit = audit;
		this.mapper = mapper;
		this.users = users;
		this.nanoClock = nanoClock;
	}

	@Override
	public Mono<Void> commence(ServerWebExchange exchange, AuthenticationException ex) {
		exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"echod\"");
		return refuse(exchange, HttpStatus.UNAUTHORIZED, claimedName(exchange),
				(ex instanceof AuthenticationCredentialsNotFoundException) ? "A user name and password are needed"
						: "The user name or the password is wrong");
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, AccessDeniedException ex) {
		return exchange.getPrincipal()
			.map(Principal::getName)
			.defaultIfEmpty(NOBODY)
			.flatMap((name) -> refuse(exchange, HttpStatus.FORBIDDEN, name, "Only the operator may"));
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, ServerExchangeRejectedException ex) {
		return refuse(exchange, HttpStatus.BAD_REQUEST, claimedName(exchange), String.valueOf(ex.getMessage()));
	}

	/**
	 * Refuses a request whose {@code Host} cannot be looked at.
	 */
	Mono<Void> refuseHost(ServerWebExchange exchange) {
		return refuse(exchange, HttpStatus.BAD_REQUEST, claimedName(exchange), "The Host is no name");
	}

	/**
	 * Refuses a page of another site.
	 */
	Mono<Void> refuseForeign(ServerWebExchange exchange) {
		return refuse(exchange, HttpStatus.FORBIDDEN, claimedName(exchange), "The Origin is another site");
	}

	private Mono<Void> refuse(ServerWebExchange exchange, HttpStatus status, String actor, String why) {
		ServerHttpRequest request = exchange.getRequest();
		record(actor, request.getMethod() + " " + request.getPath(), RequestDetails.of(exchange).source(), why);
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, why);
		if (!request.getURI().getRawPath().startsWith("//")) {
			problem.setInstance(URI.create(request.getURI().getRawPath()));
		}
		ServerHttpResponse response = exchange.getResponse();
		response.setStatusCode(status);
		response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		byte[] body = this.mapper.writeValueAsBytes(problem);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
	}

	private void record(String actor, String request, @Nullable InetAddress source, String why) {
		long times;
		synchronized (this.sources) {
			long now = this.nanoClock.getAsLong();
			Source known = this.sources.computeIfAbsent(source + " " + why, (key) -> new Source(now - QUIET_NANOS));
			known.times++;
			if (now - known.recordedNanos < QUIET_NANOS) {
				return;
			}
			times = known.times;
			known.times = 0;
			known.recordedNanos = now;
		}
		this.audit.refused(actor, request, source, why, times);
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

	/**
	 * What is remembered of an address.
	 */
	private static final class Source {

		private long recordedNanos;

		/**
		 * Refused since.
		 */
		private long times;

		Source(long recordedNanos) {
			this.recordedNanos = recordedNanos;
		}

	}

}
