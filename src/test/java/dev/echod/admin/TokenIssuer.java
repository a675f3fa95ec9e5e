package dev.echod.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Issues tokens, and publishes its keys and where they are by HTTP.
 */
final class TokenIssuer implements AutoCloseable {

	static final String AUDIENCE = "echod";

	private final HttpServer server;

	private final AtomicInteger fetches = new AtomicInteger();

	private volatile List<JWK> keys = List.of();

	private volatile int status = 200;

	TokenIssuer() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
		this.server.createContext("/keys", (exchange) -> {
			this.fetches.incrementAndGet();
			answer(exchange, new JWKSet(this.keys).toString(true));
		});
		this.server.createContext("/.well-known/openid-configuration", (exchange) -> answer(exchange,
				"{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(issuer(), keysUri())));
		this.server.start();
	}

	private void answer(HttpExchange exchange, String text) throws IOException {
		byte[] body = text.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(this.status, body.length);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

	String issuer() {
		return "http://127.0.0.1:%d".formatted(this.server.getAddress().getPort());
	}

	String keysUri() {
		return issuer() + "/keys";
	}

	/**
	 * How often its keys were asked for.
	 */
	int fetches() {
		return this.fetches.get();
	}

	/**
	 * Answers so from now on.
	 */
	void answerWith(int status) {
		this.status = status;
	}

	void publish(JWK... keys) {
		this.keys = List.of(keys);
	}

	static RSAKey rsa(String id) {
		try {
			return new RSAKeyGenerator(2048).keyID(id).generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static ECKey ec(String id) {
		try {
			return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The claims of somebody with these roles, for five minutes.
	 */
	JWTClaimsSet.Builder claims(String name, String... roles) {
		Instant now = Instant.now();
		return new JWTClaimsSet.Builder().issuer(issuer())
			.audience(AUDIENCE)
			.subject(name)
			.issueTime(Date.from(now))
			.expirationTime(Date.from(now.plus(Duration.ofMinutes(5))))
			.claim("realm_access", Map.of("roles", List.of(roles)));
	}

	String token(JWK key, String name, String... roles) {
		return sign(key, claims(name, roles).build());
	}

	/**
	 * A token of an operator, whose claims are changed.
	 */
	String token(JWK key, Consumer<JWTClaimsSet.Builder> change) {
		JWTClaimsSet.Builder claims = claims("jane", "echod-operator");
		change.accept(claims);
		return sign(key, claims.build());
	}

	static String sign(JWK key, JWTClaimsSet claims) {
		return sign(key, claims, JOSEObjectType.JWT);
	}

	static String sign(JWK key, JWTClaimsSet claims, JOSEObjectType type) {
		try {
			boolean rsa = key instanceof RSAKey;
			JWSSigner signer = rsa ? new RSASSASigner(key.toRSAKey()) : new ECDSASigner(key.toECKey());
			JWSHeader header = new JWSHeader.Builder(rsa ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256)
				.keyID(key.getKeyID())
				.type(type)
				.build();
			SignedJWT token = new SignedJWT(header, claims);
			token.sign(signer);
			return token.serialize();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
