package dev.echod.admin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.echod.EchodApplication;
import dev.echod.testing.AdminClient;
import dev.echod.testing.Needs;
import dev.echod.testing.Readme;
import dev.echod.testing.Shell;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

import static dev.echod.testing.AdminClient.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * How single sign-on is configured, and what is refused of it.
 */
@ExtendWith(OutputCaptureExtension.class)
class SingleSignOnStartTests {

	private static final String SERVER = "--spring.security.oauth2.resourceserver.jwt.";

	/**
	 * All that an issuer needs beside it.
	 */
	private static final String COMPLETE = SERVER
			+ "audiences=echod --echod.admin.jwt.claim=x --echod.admin.jwt.viewers=x";

	private static ConfigurableApplicationContext start(String... arguments) {
		List<String> all = new ArrayList<>(
				List.of("--server.port=0", "--echod.listeners.echo.port=0", "--echod.admin.operator.password=secret"));
		all.addAll(List.of(arguments));
		return SpringApplication.run(EchodApplication.class, all.toArray(String[]::new));
	}

	private static AdminClient client(ConfigurableApplicationContext context) {
		return new AdminClient(context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

	@Test
	void nothingOfItIsThereWhereItIsNotConfigured() throws Exception {
		try (var context = start(); AdminClient admin = client(context)) {
			assertThat(context.getBeansOfType(ReactiveJwtDecoder.class)).isEmpty();
			assertThat(context.getBeansOfType(TokenChecks.class)).isEmpty();
			var refused = admin.call(NOBODY, "GET", "listeners", "", "Authorization", "Bearer e30.e30.e30");
			assertThat(refused.statusCode()).isEqualTo(401);
			assertThat(refused.headers().allValues("WWW-Authenticate")).containsExactly("Basic realm=\"echod\"");
			assertThat(refused.body()).contains("A user name and password are needed");
		}
	}

	/**
	 * The issuer says where its keys are, and by which algorithms it signs.
	 */
	@Test
	void issuerAloneIsEnough() throws Exception {
		try (TokenIssuer issuer = new TokenIssuer();
				var context = start(SERVER + "issuer-uri=" + issuer.issuer(), SERVER + "audiences=other,echod",
						SERVER + "principal-claim-name=preferred_username",
						"--echod.admin.jwt.claim=https://example.com/scopes", "--echod.admin.jwt.viewers=echod.read");
				AdminClient admin = client(context)) {
			var rsa = TokenIssuer.rsa("1");
			var ec = TokenIssuer.ec("2");
			issuer.publish(rsa.toPublicJWK(), ec.toPublicJWK());
			for (var key : List.of(rsa, ec)) {
				String token = issuer.token(key, (claims) -> claims.claim("preferred_username", "jane")
					.claim("https://example.com/scopes", "openid echod.read"));
				assertThat(admin.call(NOBODY, "GET", "listeners", "", "Authorization", "Bearer " + token).statusCode())
					.isEqualTo(200);
				assertThat(admin.call(NOBODY, "DELETE", "drain", "", "Authorization", "Bearer " + token).statusCode())
					.isEqualTo(403);
			}
			assertThat(issuer.fetches()).isEqualTo(1);
		}
	}

	/**
	 * But for where the issuer and the admin API are.
	 */
	@Test
	@Tag("long")
	void documentedPropertiesAndCommandWork(@TempDir Path folder) throws Exception {
		Needs.program("curl");
		String section = "## Single sign-on";
		try (TokenIssuer issuer = new TokenIssuer()) {
			Path file = Files.writeString(folder.resolve("sso.yml"),
					Readme.blocks(section, "yaml")
						.getFirst()
						.replace("https://idp.example.com/realms/ops", issuer.issuer()));
			var key = TokenIssuer.rsa("1");
			issuer.publish(key.toPublicJWK());
			try (var context = start("--spring.config.additional-location=file:" + file)) {
				String port = context.getEnvironment().getRequiredProperty("local.server.port");
				String token = issuer.token(key, (claims) -> claims.claim("preferred_username", "jane"));
				assertThat(new Shell(folder).with("TOKEN", token)
					.run(Readme.blocks(section, "sh").getFirst().replace("8081", port)))
					.contains("\"state\":\"ACCEPTING\"");
			}
		}
	}

	@Test
	void issuerThatIsNotThereKeepsNothingFromTheStart(CapturedOutput output) throws Exception {
		TokenIssuer issuer = new TokenIssuer();
		String uri = issuer.issuer();
		var rsa = TokenIssuer.rsa("1");
		String token = issuer.token(rsa, "jane", "x");
		issuer.close();
		try (var context = start(SERVER + "issuer-uri=" + uri, SERVER + "audiences=echod",
				"--echod.admin.jwt.claim=roles", "--echod.admin.jwt.viewers=x"); AdminClient admin = client(context)) {
			for (int i = 0; i < 3; i++) {
				assertThat(admin.call(NOBODY, "GET", "listeners", "", "Authorization", "Bearer " + token).statusCode())
					.isEqualTo(503);
			}
			assertThat(output).contains("Connection refused").doesNotContain("\tat ");
			assertThat(output.getOut().split("Tokens are not taken for now", -1)).hasSize(2);
		}
	}

	@Tag("long")
	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '|', value = {
			"issuer-uri=http://127.0.0.1:1;--echod.admin.jwt.claim=roles --echod.admin.jwt.viewers=x;audiences is not set",
			"jwk-set-uri=http://127.0.0.1:1;--echod.admin.jwt.claim=roles --echod.admin.jwt.viewers=x;issuer-uri is not set",
			"issuer-uri=http://127.0.0.1:1;--spring.security.oauth2.resourceserver.jwt.audiences=echod;echod.admin.jwt.claim does not say what their owners may",
			"issuer-uri=idp.example.com;@;issuer-uri is 'idp.example.com', which is no address",
			"jwk-set-uri=;@ --spring.security.oauth2.resourceserver.jwt.issuer-uri=x;jwk-set-uri is '', which is no address",
			"jwk-set-uri=http://127.0.0.1:1;@ --spring.security.oauth2.resourceserver.jwt.issuer-uri=x --spring.security.oauth2.resourceserver.jwt.jws-algorithms=RS256,HS256;jws-algorithms has 'HS256'",
			"public-key-location=file:/x;--echod.admin.jwt.claim=roles --echod.admin.jwt.viewers=x;names a key that could not be replaced",
			"audiences=echod;--echod.admin.jwt.claim=roles --echod.admin.jwt.viewers=x;nothing says who issues them",
			"audiences=echod;--echod.admin.jwt.claim=roles;neither echod.admin.jwt.operators nor",
			"audiences=echod;--echod.admin.jwt.viewers=x;echod.admin.jwt.claim must name the claim" })
	void contradictionStopsTheStart(String server, String ours, String explanation, CapturedOutput output) {
		List<String> arguments = new ArrayList<>(List.of(SERVER + server));
		arguments.addAll(List.of(ours.replace("@", COMPLETE).split(" ", -1)));
		assertThatException().isThrownBy(() -> start(arguments.toArray(String[]::new)).close());
		assertThat(output).contains("APPLICATION FAILED TO START").contains(explanation).doesNotContain("\tat ");
	}

}
