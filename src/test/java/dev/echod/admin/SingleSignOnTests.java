package dev.echod.admin;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Level;
import com.jayway.jsonpath.JsonPath;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.echod.testing.AdminClient;
import dev.echod.testing.LogCapture;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tokens of an issuer, really signed, whose keys are fetched by HTTP.
 */
@Import(SingleSignOnTests.Quick.class)
class SingleSignOnTests extends StartedService {

	private static final TokenIssuer ISSUER = new TokenIssuer();

	private static final RSAKey RSA = TokenIssuer.rsa("rsa-1");

	private static final ECKey EC = TokenIssuer.ec("ec-1");

	private static final AtomicLong NANOS = new AtomicLong();

	private static final Duration SHARED = Duration.ofMillis(50);

	@DynamicPropertySource
	static void issuer(DynamicPropertyRegistry registry) {
		String prefix = "spring.security.oauth2.resourceserver.jwt.";
		registry.add(prefix + "issuer-uri", ISSUER::issuer);
		registry.add(prefix + "jwk-set-uri", ISSUER::keysUri);
		registry.add(prefix + "jws-algorithms", () -> "RS256,ES256");
		registry.add(prefix + "audiences", () -> TokenIssuer.AUDIENCE);
		registry.add("echod.admin.jwt.claim", () -> "realm_access.roles");
		registry.add("echod.admin.jwt.operators", () -> "echod-operator");
		registry.add("echod.admin.jwt.viewers", () -> "echod-viewer");
	}

	/**
	 * Shares what it fetched for a moment only, and keeps keys until a test lets time
	 * pass.
	 */
	static class Quick {

		@Bean
		@Primary
		ReactiveJwtDecoder quickDecoder(OAuth2ResourceServerProperties properties) {
			return SingleSignOnConfiguration.decoder(properties.getJwt(), HttpClient.create(),
					new KeyFetches(SHARED, Duration.ofSeconds(5)), NANOS::get);
		}

	}

	@BeforeEach
	void publish() {
		ISSUER.answerWith(200);
		ISSUER.publish(RSA.toPublicJWK(), EC.toPublicJWK());
		forgetKeys();
	}

	@AfterAll
	static void stop() {
		ISSUER.close();
	}

	private static void forgetKeys() {
		NANOS.addAndGet(ExpiringKeys.KEPT_NANOS + 1);
	}

	private HttpResponse<String> call(String token, String method, String path, String body) throws Exception {
		return this.admin.call(NOBODY, method, path, body, "Authorization", "Bearer " + token);
	}

	private int status(String token) throws Exception {
		return call(token, "GET", "listeners", "").statusCode();
	}

	private HttpResponse<String> assertRefused(String token) throws Exception {
		double before = this.admin.meter("echod_admin_refused_total{reason=\"WRONG_TOKEN\"}");
		HttpResponse<String> refused = call(token, "GET", "listeners", "");
		assertThat(refused.statusCode()).as(refused.body()).isEqualTo(401);
		assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(refused.headers().allValues("WWW-Authenticate")).containsExactly("Basic realm=\"echod\"",
				"Bearer realm=\"echod\", error=\"invalid_token\"");
		assertThat(JsonPath.<Integer>read(refused.body(), "$.status")).isEqualTo(401);
		assertThat(this.admin.meter("echod_admin_refused_total{reason=\"WRONG_TOKEN\"}")).isEqualTo(before + 1);
		return refused;
	}

	private static String detail(HttpResponse<String> response) {
		return JsonPath.read(response.body(), "$.detail");
	}

	@Test
	void claimDecidesWhoReadsAndWhoChanges() throws Exception {
		String pause = "{\"state\":\"ACCEPTING\",\"reason\":\"by token\"}";
		String operator = ISSUER.token(RSA, "jane", "other", "echod-operator");
		String viewer = ISSUER.token(EC, "joe", "echod-viewer");
		assertThat(call(operator, "GET", "listeners", "").statusCode()).isEqualTo(200);
		assertThat(call(operator, "POST", "listeners/echo", pause).statusCode()).isEqualTo(200);
		assertThat(call(viewer, "GET", "listeners", "").statusCode()).isEqualTo(200);
		assertThat(call(viewer, "POST", "listeners/echo", pause).statusCode()).isEqualTo(403);
		assertThat(auditLines()).anyMatch((line) -> line.contains("by token:jane from 127.0.0.1, because: by token"));
		List<Map<String, Object>> audited = this.admin.read("auditevents?principal=token:jane", "$.events");
		assertThat(audited).isNotEmpty();
	}

	@Test
	void tokenWithoutARoleMayNoMoreThanAStranger() throws Exception {
		String token = ISSUER.token(RSA, "jim", "echod-operator-of-another");
		try (AdminClient jim = AdminClient.from("127.0.11.1", this.adminPort)) {
			HttpResponse<String> refused = jim.call(NOBODY, "GET", "listeners", "", "Authorization", "Bearer " + token);
			assertThat(refused.statusCode()).isEqualTo(403);
			assertThat(detail(refused)).isEqualTo("Only the operator and the viewer may");
		}
		assertThat(call(token, "GET", "health", "").body()).doesNotContain("components");
		assertThat(call(token, "GET", "info", "").body()).doesNotContain("transport");
		assertThat(this.admin.<List<String>>read("auditevents?type=REFUSED", "$.events[*].principal"))
			.contains("token:jim");
	}

	@Test
	void passwordsAreTakenBeside() throws Exception {
		assertThat(this.admin.call(OPERATOR, "GET", "listeners", "").statusCode()).isEqualTo(200);
		HttpResponse<String> nobody = this.admin.call(NOBODY, "GET", "listeners", "");
		assertThat(nobody.statusCode()).isEqualTo(401);
		assertThat(nobody.headers().allValues("WWW-Authenticate")).containsExactly("Basic realm=\"echod\"",
				"Bearer realm=\"echod\"");
		assertThat(detail(nobody)).isEqualTo("A user name and password, or a token, are needed");
	}

	@Test
	void tokensForOthersAndOfOthersAreRefused() throws Exception {
		assertThat(detail(assertRefused(ISSUER.token(RSA, (claims) -> claims.audience("payroll")))))
			.isEqualTo("The token is not valid: The aud claim is not valid");
		assertRefused(ISSUER.token(RSA, (claims) -> claims.audience((String) null)));
		assertThat(detail(assertRefused(ISSUER.token(RSA, (claims) -> claims.issuer("https://idp.example.com")))))
			.isEqualTo("The token is not valid: The iss claim is not valid");
		assertRefused(ISSUER.token(TokenIssuer.rsa("rsa-1"), "jane", "echod-operator"));
		assertThat(detail(assertRefused(ISSUER.token(TokenIssuer.ec("unknown"), "jane", "echod-operator"))))
			.isEqualTo("The token is none that is signed with a key of the issuer");
	}

	@Test
	void tokensOutOfTheirTimeAreRefused() throws Exception {
		Date past = Date.from(Instant.now().minus(Duration.ofMinutes(2)));
		Date future = Date.from(Instant.now().plus(Duration.ofMinutes(2)));
		assertThat(detail(assertRefused(ISSUER.token(RSA, (claims) -> claims.issueTime(null).expirationTime(past)))))
			.startsWith("The token is not valid: Jwt expired at ");
		assertRefused(ISSUER.token(RSA, (claims) -> claims.notBeforeTime(future)));
		assertRefused(ISSUER.token(RSA, (claims) -> claims.expirationTime(null)));
	}

	@Test
	void tokenHasToSayWhoseItIs() throws Exception {
		assertThat(detail(assertRefused(ISSUER.token(RSA, (claims) -> claims.subject(null)))))
			.isEqualTo("The token does not say whose it is: it has no claim 'sub'");
	}

	@Test
	void tokensOfNoKeyAreRefused() throws Exception {
		JWTClaimsSet claims = ISSUER.claims("jane", "echod-operator").build();
		assertRefused(new PlainJWT(claims).serialize());
		String[] parts = ISSUER.token(RSA, "jim", "none").split("\\.", -1);
		String[] others = ISSUER.token(RSA, "jane", "echod-operator").split("\\.", -1);
		assertRefused(parts[0] + "." + others[1] + "." + parts[2]);
		assertRefused(parts[0] + "." + parts[1] + ".");
		// The public key, which everybody has, taken for a secret.
		for (byte[] secret : List.of(RSA.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8), encoded(RSA))) {
			SignedJWT confused = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build(),
					claims);
			confused.sign(new MACSigner(secret));
			assertRefused(confused.serialize());
		}
	}

	private static byte[] encoded(RSAKey key) throws JOSEException {
		return key.toRSAPublicKey().getEncoded();
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "a.b.c", "e30.e30.", "....", "?", "", "a b" })
	void nonsenseIsRefused(String token) throws Exception {
		try (LogCapture log = new LogCapture()) {
			assertRefused(token);
			assertThat(log.atLeast(Level.WARN)).isEmpty();
		}
	}

	/**
	 * It says nothing of the keys, and is no news.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "RSA-OAEP-256", "PBES2-HS256+A128KW", "dir" })
	void encryptedTokenIsRefused(String algorithm) throws Exception {
		String header = "{\"alg\":\"%s\",\"enc\":\"A128GCM\",\"p2c\":2000000000,\"p2s\":\"AAAA\"}".formatted(algorithm);
		String encoded = Base64.getUrlEncoder()
			.withoutPadding()
			.encodeToString(header.getBytes(StandardCharsets.UTF_8));
		try (LogCapture log = new LogCapture()) {
			assertRefused(encoded + ".AAAA.AAAA.AAAA.AAAA");
			assertThat(log.atLeast(Level.WARN)).isEmpty();
		}
	}

	@Test
	void deeplyNestedTokenIsRefused() throws Exception {
		String nested = Base64.getUrlEncoder()
			.withoutPadding()
			.encodeToString(("{\"alg\":" + "[".repeat(4_000)).getBytes(StandardCharsets.UTF_8));
		assertRefused(nested + ".e30.e30");
	}

	@Test
	void longTokenIsNotReadToItsEnd() throws Exception {
		try (TestClient client = new TestClient(this.adminPort)) {
			client.send("GET /actuator/listeners HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
				.formatted("a".repeat(20_000))
				.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(client.receive(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 431");
		}
	}

	@Test
	void accessTokensOfTheirOwnTypeAreTaken() throws Exception {
		JWTClaimsSet claims = ISSUER.claims("jane", "echod-viewer").build();
		assertThat(status(TokenIssuer.sign(RSA, claims, new JOSEObjectType("at+jwt")))).isEqualTo(200);
		assertRefused(TokenIssuer.sign(RSA, claims, new JOSEObjectType("logout+jwt")));
	}

	@Tag("long")
	@Test
	void newKeyIsTakenAndWithdrawnOneIsNot() throws Exception {
		RSAKey next = TokenIssuer.rsa("rsa-2");
		String former = ISSUER.token(RSA, "jane", "echod-viewer");
		String latter = ISSUER.token(next, "jane", "echod-viewer");
		assertThat(status(former)).isEqualTo(200);
		assertThat(status(latter)).isEqualTo(401);
		ISSUER.publish(next.toPublicJWK());
		await().until(() -> status(latter) == 200);
		assertThat(status(former)).isEqualTo(401);
	}

	@Test
	void withdrawnKeyIsForgotten() throws Exception {
		String token = ISSUER.token(RSA, "jane", "echod-viewer");
		await().until(() -> status(token) == 200);
		ISSUER.publish(EC.toPublicJWK());
		assertThat(status(token)).as("kept for a while").isEqualTo(200);
		await().until(() -> {
			forgetKeys();
			return status(token) == 401;
		});
	}

	@Test
	void keysAreFetchedOnceForMany() throws Exception {
		String token = ISSUER.token(RSA, "jane", "echod-viewer");
		await().until(() -> status(token) == 200);
		int before = ISSUER.fetches();
		for (int i = 0; i < 20; i++) {
			assertThat(status(token)).isEqualTo(200);
		}
		assertThat(ISSUER.fetches()).isEqualTo(before);
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 404 })
	void issuerThatFailsIsToldOfOnceAndPasswordsWork(int answer) throws Exception {
		String token = ISSUER.token(RSA, "jane", "echod-viewer");
		await().until(() -> status(token) == 200);
		ISSUER.answerWith(answer);
		double before = this.admin.meter("echod_admin_refused_total{reason=\"KEYS_UNAVAILABLE\"}");
		try (LogCapture log = new LogCapture()) {
			await().until(() -> {
				forgetKeys();
				return status(token) == 503;
			});
			HttpResponse<String> refused = call(token, "GET", "listeners", "");
			assertThat(refused.statusCode()).isEqualTo(503);
			assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
			assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
			assertThat(this.admin.call(OPERATOR, "GET", "listeners", "").statusCode()).isEqualTo(200);
			assertThat(log.atLeast(Level.WARN)).hasSizeLessThanOrEqualTo(1)
				.allMatch((line) -> line.contains("Tokens are not taken for now"));
		}
		assertThat(this.admin.meter("echod_admin_refused_total{reason=\"KEYS_UNAVAILABLE\"}")).isEqualTo(before + 2);
		ISSUER.answerWith(200);
		await().until(() -> status(token) == 200);
	}

}
