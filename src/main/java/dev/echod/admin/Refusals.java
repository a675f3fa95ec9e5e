package dev.echod.admin;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authorization.ServerAccessDeniedHandler;
import org.springframework.web.server.ServerWebExchange;

/**
 * Answers those who may not, and has them audited.
 */
class Refusals implements ServerAuthenticationEntryPoint, ServerAccessDeniedHandler {

	private final ChangeAudit audit;

	Refusals(ChangeAudit audit) {
		this.audit = audit;
	}

	@Override
	public Mono<Void> commence(ServerWebExchange exchange, AuthenticationException ex) {
		exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"echod\"");
		return refuse(exchange, HttpStatus.UNAUTHORIZED, claimedName(exchange), "a user name and password are needed");
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, AccessDeniedException ex) {
		return exchange.getPrincipal()
			.map(Principal::getName)
			.defaultIfEmpty("anonymous")
			.flatMap((name) -> refuse(exchange, HttpStatus.FORBIDDEN, name, "only the operator may"));
	}

	Mono<Void> refuse(ServerWebExchange exchange, HttpStatus status, String actor, String reason) {
		this.audit.refused(actor, exchange.getRequest().getMethod() + " " + exchange.getRequest().getPath(), reason);
		ServerHttpResponse response = exchange.getResponse();
		response.setStatusCode(status);
		response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
		byte[] body = "{\"error\":\"%s\"}".formatted(reason).getBytes(StandardCharsets.UTF_8);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
	}

	/**
	 * The user name that a request came with, right or wrong.
	 */
	static String claimedName(ServerWebExchange exchange) {
		String name = basicName(exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION));
		return (name != null) ? name : "anonymous";
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
