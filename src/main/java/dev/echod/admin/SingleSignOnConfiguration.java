package dev.echod.admin;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties.Jwt;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder.JwkSetUriReactiveJwtDecoderBuilder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Tokens of a company's single sign-on, as
 * {@code spring.security.oauth2.resourceserver.jwt} says who issues them. Nothing of it
 * is there where that says nothing.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(SingleSignOnConfiguration.IssuerIsSet.class)
class SingleSignOnConfiguration {

	private static final String PREFIX = "spring.security.oauth2.resourceserver.jwt.";

	private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s/?#]+\\S*", Pattern.CASE_INSENSITIVE);

	@Bean
	TokenChecks tokenChecks(ReactiveJwtDecoder decoder, OAuth2ResourceServerProperties server,
			AdminProperties properties) {
		if (properties.jwt().claim().isEmpty()) {
			throw new AdminSettingException(
					"Tokens are to be taken, but echod.admin.jwt.claim does not say what their owners may.",
					"Set echod.admin.jwt.claim to the claim that tells viewers from operators, such as "
							+ "realm_access.roles, and echod.admin.jwt.operators and echod.admin.jwt.viewers to its values.");
		}
		return new TokenChecks(decoder,
				Objects.requireNonNullElse(server.getJwt().getPrincipalClaimName(), JwtClaimNames.SUB),
				properties.jwt(), System::nanoTime);
	}

	/**
	 * In the place of Boot's, which would keep its keys for good and wait for them
	 * without end.
	 */
	@Bean
	ReactiveJwtDecoder tokenDecoder(OAuth2ResourceServerProperties server, ReactorResourceFactory resources) {
		HttpClient client = HttpClient.create().runOn(resources.getLoopResources());
		return decoder(server.getJwt(), client, new KeyFetches(), System::nanoTime);
	}

	static ReactiveJwtDecoder decoder(Jwt properties, HttpClient http, KeyFetches fetches, LongSupplier nanoClock) {
		OAuth2TokenValidator<org.springframework.security.oauth2.jwt.Jwt> rules = rules(properties);
		Supplier<JwkSetUriReactiveJwtDecoderBuilder> builders = keys(properties);
		WebClient client = WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(http.proxyWithSystemProperties()))
			.filter(fetches)
			.build();
		return new ExpiringKeys(() -> {
			NimbusReactiveJwtDecoder decoder = builders.get().webClient(client).build();
			decoder.setJwtValidator(rules);
			return decoder;
		}, nanoClock);
	}

	/**
	 * How decoders are made, each without keys.
	 */
	private static Supplier<JwkSetUriReactiveJwtDecoderBuilder> keys(Jwt properties) {
		String keys = properties.getJwkSetUri();
		if (keys == null) {
			// Those that it publishes say by which algorithms it signs.
			String issuer = address("issuer-uri", properties.getIssuerUri());
			return () -> NimbusReactiveJwtDecoder.withIssuerLocation(issuer);
		}
		String address = address("jwk-set-uri", keys);
		List<SignatureAlgorithm> algorithms = properties.getJwsAlgorithms()
			.stream()
			.map(SingleSignOnConfiguration::algorithm)
			.toList();
		return () -> NimbusReactiveJwtDecoder.withJwkSetUri(address).jwsAlgorithms((all) -> all.addAll(algorithms));
	}

	private static String address(String name, @Nullable String value) {
		if (value != null && ADDRESS.matcher(value).matches()) {
			return value;
		}
		throw new AdminSettingException(
				"%s%s is '%s', which is no address of http or https.".formatted(PREFIX, name, value),
				"Set it to where the issuer can be asked, such as https://idp.example.com/realms/ops.");
	}

	private static SignatureAlgorithm algorithm(String name) {
		SignatureAlgorithm algorithm = SignatureAlgorithm.from(name);
		if (algorithm == null) {
			throw new AdminSettingException("%sjws-algorithms has '%s'.".formatted(PREFIX, name),
					"Set it to algorithms with public keys, such as RS256, ES256.");
		}
		return algorithm;
	}

	/**
	 * What RFC 9068 has a token checked for, under its own type or the older one. Who may
	 * sign for other services too could else let in who was never meant to be here.
	 */
	private static OAuth2TokenValidator<org.springframework.security.oauth2.jwt.Jwt> rules(Jwt properties) {
		if (properties.getPublicKeyLocation() != null) {
			throw new AdminSettingException(
					PREFIX + "public-key-location names a key that could not be replaced while " + "the service runs.",
					"Set %sissuer-uri or %<sjwk-set-uri in its place.".formatted(PREFIX));
		}
		String issuer = properties.getIssuerUri();
		if (!StringUtils.hasText(issuer)) {
			throw new AdminSettingException(PREFIX
					+ "issuer-uri is not set: tokens of whoever has his keys at the same " + "place would be taken.",
					"Set it to the 'iss' of the tokens.");
		}
		List<String> audiences = List.copyOf(properties.getAudiences());
		if (audiences.isEmpty()) {
			throw new AdminSettingException(
					PREFIX + "audiences is not set: tokens that the issuer made for any other "
							+ "service would be taken.",
					"Set it to the 'aud' of the tokens that are meant for this service.");
		}
		JwtTypeValidator type = new JwtTypeValidator("JWT", "at+jwt", "application/at+jwt");
		type.setAllowEmpty(true);
		JwtTimestampValidator times = new JwtTimestampValidator();
		times.setAllowEmptyExpiryClaim(false);
		return JwtValidators.createDefaultWithValidators(List.of(type, times, new JwtIssuerValidator(issuer),
				new JwtClaimValidator<Collection<String>>(JwtClaimNames.AUD,
						(meantFor) -> meantFor != null && !Collections.disjoint(meantFor, audiences))));
	}

	/**
	 * Whether there is an issuer.
	 */
	static class IssuerIsSet extends AnyNestedCondition {

		IssuerIsSet() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnProperty(PREFIX + "jwk-set-uri")
		static class Keys {

		}

		@ConditionalOnProperty(PREFIX + "issuer-uri")
		static class Issuer {

		}

		@ConditionalOnProperty(PREFIX + "public-key-location")
		static class Key {

		}

	}

}
