package dev.echod.admin;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.nimbusds.jose.jwk.RSAKey;
import org.junit.jupiter.api.Test;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What an issuer is asked for, and how long its answer is waited for.
 */
class KeyFetchesTests {

	private static final RSAKey KEY = TokenIssuer.rsa("1");

	private static ReactiveJwtDecoder decoder(String issuer, String keys, KeyFetches fetches) {
		OAuth2ResourceServerProperties.Jwt properties = new OAuth2ResourceServerProperties().getJwt();
		properties.setIssuerUri(issuer);
		properties.setJwkSetUri(keys);
		properties.setAudiences(List.of(TokenIssuer.AUDIENCE));
		return SingleSignOnConfiguration.decoder(properties, HttpClient.create(), fetches, System::nanoTime);
	}

	/**
	 * Each names a key that nobody has.
	 */
	@Test
	void tokensOfUnknownKeysShareAnAnswer() throws Exception {
		try (TokenIssuer issuer = new TokenIssuer()) {
			issuer.publish(KEY.toPublicJWK());
			ReactiveJwtDecoder decoder = decoder(issuer.issuer(), issuer.keysUri(),
					new KeyFetches(Duration.ofMinutes(1), Duration.ofSeconds(10)));
			String foreign = issuer.token(TokenIssuer.rsa("other"), "jane");
			List<CompletableFuture<?>> checks = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				checks.add(decoder.decode(foreign).toFuture());
			}
			for (CompletableFuture<?> check : checks) {
				assertThat(check).failsWithin(Duration.ofSeconds(30))
					.withThrowableThat()
					.havingCause()
					.isInstanceOf(BadJwtException.class);
			}
			assertThat(issuer.fetches()).isEqualTo(1);
			assertThat(decoder.decode(issuer.token(KEY, "jane")).toFuture().get(10, TimeUnit.SECONDS).getSubject())
				.isEqualTo("jane");
			assertThat(issuer.fetches()).isEqualTo(1);
		}
	}

	@Test
	void issuerThatDoesNotAnswerIsNotWaitedForForLong() throws Exception {
		try (TokenIssuer issuer = new TokenIssuer();
				ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			ReactiveJwtDecoder decoder = decoder(issuer.issuer(), "http://127.0.0.1:" + mute.getLocalPort(),
					new KeyFetches(Duration.ofMillis(1), Duration.ofMillis(200)));
			CompletableFuture<?> check = decoder.decode(issuer.token(KEY, "jane")).toFuture();
			assertThat(check).failsWithin(Duration.ofSeconds(4))
				.withThrowableThat()
				.havingRootCause()
				.withMessageContaining("200ms");
		}
	}

	@Test
	void answerWithoutEndIsCut() throws Exception {
		try (TokenIssuer issuer = new TokenIssuer()) {
			RSAKey[] many = new RSAKey[1_000];
			for (int i = 0; i < many.length; i++) {
				many[i] = new RSAKey.Builder(KEY.toPublicJWK()).keyID("key-" + i).build();
			}
			issuer.publish(many);
			ReactiveJwtDecoder decoder = decoder(issuer.issuer(), issuer.keysUri(), new KeyFetches());
			assertThatThrownBy(() -> decoder.decode(issuer.token(KEY, "jane")).toFuture().get(10, TimeUnit.SECONDS))
				.hasStackTraceContaining("Exceeded limit on max bytes to buffer");
		}
	}

	@Test
	void whoTakesTokensHasToSayForWhom() {
		OAuth2ResourceServerProperties.Jwt properties = new OAuth2ResourceServerProperties().getJwt();
		properties.setIssuerUri("https://idp.example.com");
		assertThatException()
			.isThrownBy(() -> SingleSignOnConfiguration.decoder(properties, HttpClient.create(), new KeyFetches(),
					System::nanoTime))
			.isInstanceOf(AdminSettingException.class);
	}

}
