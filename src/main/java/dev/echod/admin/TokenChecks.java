package dev.echod.admin;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.util.StringUtils;

/**
 * Looks at tokens: whether they are the issuer's and meant for us, whose they are, and
 * what their owner may.
 */
class TokenChecks {

	/**
	 * No user name of HTTP basic has a colon (RFC 7617), so that the audit tells one from
	 * the other.
	 */
	static final String PREFIX = "token:";

	/**
	 * In a token that is signed (RFC 7515). One that is encrypted has more (RFC 7516):
	 * the decoder fails on it, as if its keys were not to be had.
	 */
	private static final int DOTS = 2;

	private static final String NOT_SIGNED = "The token is none that is signed with a key of the issuer";

	private static final Logger logger = LoggerFactory.getLogger(TokenChecks.class);

	private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final ReactiveJwtDecoder decoder;

	private final String nameClaim;

	private final String roleClaim;

	private final Roles roles;

	private final LongSupplier nanoClock;

	private final AtomicLong loggedNanos;

	/**
	 * Create checks.
	 * @param nameClaim the claim that says whose a token is
	 */
	TokenChecks(ReactiveJwtDecoder decoder, String nameClaim, AdminProperties.Jwt properties, LongSupplier nanoClock) {
		this.decoder = decoder;
		this.nameClaim = nameClaim;
		this.roleClaim = properties.claim();
		this.roles = Roles.of(properties.operators(), properties.viewers());
		this.nanoClock = nanoClock;
		this.loggedNanos = new AtomicLong(nanoClock.getAsLong() - QUIET_NANOS - 1);
	}

	/**
	 * Checks a token.
	 * @return whose it is and what he may, which can be nothing; an
	 * {@link InvalidBearerTokenException} whose message says what is wrong, and nothing
	 * of what is in it; a {@link KeysUnavailableException} if it could not be looked at
	 */
	Mono<Authentication> of(Authentication login) {
		String token = ((BearerTokenAuthenticationToken) login).getToken();
		if (StringUtils.countOccurrencesOf(token, ".") != DOTS) {
			return Mono.error(new InvalidBearerTokenException(NOT_SIGNED));
		}
		return this.decoder.decode(token)
			.map(this::user)
			.onErrorMap(JwtValidationException.class,
					(ex) -> new InvalidBearerTokenException("The token is not valid: " + ex.getMessage()))
			.onErrorMap(BadJwtException.class, (ex) -> new InvalidBearerTokenException(NOT_SIGNED))
			.onErrorMap((ex) -> !(ex instanceof AuthenticationException), this::unavailable);
	}

	private Authentication user(Jwt token) {
		if (!(claim(token, this.nameClaim) instanceof String name) || name.isBlank()) {
			throw new InvalidBearerTokenException(
					"The token does not say whose it is: it has no claim '%s'".formatted(this.nameClaim));
		}
		return new JwtAuthenticationToken(token, this.roles.of(texts(claim(token, this.roleClaim))), PREFIX + name);
	}

	/**
	 * A claim of this name, with dots in it or not; else what the path leads to.
	 */
	private static @Nullable Object claim(Jwt token, String path) {
		Map<?, ?> claims = token.getClaims();
		if (claims.get(path) != null) {
			return claims.get(path);
		}
		Object found = claims;
		for (String name : StringUtils.delimitedListToStringArray(path, ".")) {
			found = (found instanceof Map<?, ?> object) ? object.get(name) : null;
		}
		return found;
	}

	/**
	 * A text is a list with spaces between, as a {@code scope} is (RFC 8693).
	 */
	private static List<String> texts(@Nullable Object value) {
		if (value instanceof Collection<?> values) {
			return values.stream().map(String::valueOf).toList();
		}
		return (value != null) ? List.of(StringUtils.tokenizeToStringArray(String.valueOf(value), " ")) : List.of();
	}

	private KeysUnavailableException unavailable(Throwable failure) {
		long now = this.nanoClock.getAsLong();
		long last = this.loggedNanos.get();
		if (now - last > QUIET_NANOS && this.loggedNanos.compareAndSet(last, now)) {
			logger.warn("Tokens are not taken for now, as the keys of their issuer are not to be had: {}",
					NestedExceptionUtils.getMostSpecificCause(failure).toString());
		}
		return new KeysUnavailableException(failure);
	}

}
