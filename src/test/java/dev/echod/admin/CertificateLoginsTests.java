package dev.echod.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.netty.pkitesting.CertificateBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.security.core.Authentication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whose a certificate is, and what its owner may.
 */
class CertificateLoginsTests {

	private static CertificateBuilder builder(String subject) {
		return new CertificateBuilder().subject(subject)
			.setIsCertificateAuthority(true)
			.notBefore(Instant.now().minus(Duration.ofDays(1)))
			.notAfter(Instant.now().plus(Duration.ofDays(1)))
			.ecp256();
	}

	private static Authentication login(CertificateName principal, CertificateBuilder certificate) throws Exception {
		return new CertificateLogins(
				new AdminProperties.X509(principal, List.of("jane", "spiffe://example.org/ops/jane"), List.of("joe")))
			.login(certificate.buildSelfSigned().getCertificate());
	}

	private static List<String> roles(Authentication login) {
		return login.getAuthorities().stream().map(String::valueOf).toList();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "CN=jane | ROLE_OPERATOR", "CN=jane,OU=Ops,O=Example | ROLE_OPERATOR", "CN=joe | ROLE_VIEWER",
					"CN=Jane |", "CN=jim,O=jane |", "O=jane |", "CN=jane\\,CN\\=x |", "CN=jim,CN=jane |",
					"CN=jane ops |", "O=CN\\=jane |" })
	void commonNameDecides(String subject, @Nullable String role) throws Exception {
		Authentication login = login(CertificateName.CN, builder(subject));
		assertThat(roles(login)).isEqualTo((role != null) ? List.of(role) : List.of());
		assertThat(login.isAuthenticated()).isTrue();
		assertThat(login.getName()).isEqualTo("certificate:" + subject.strip());
	}

	@Test
	void alternativeNamesDoNotMatterWhereTheCommonNameDoes() throws Exception {
		assertThat(roles(login(CertificateName.CN, builder("CN=jim").addSanDnsName("jane")))).isEmpty();
	}

	@Test
	void alternativeNamesDecideWhereTheyAreToAndTheSubjectDoesNot() throws Exception {
		assertThat(roles(login(CertificateName.SAN,
				builder("CN=x").addSanUriName("spiffe://example.org/ops/jane").addSanIpAddress("10.0.0.1"))))
			.containsExactly("ROLE_OPERATOR");
		assertThat(roles(login(CertificateName.SAN, builder("CN=x").addSanDnsName("joe"))))
			.containsExactly("ROLE_VIEWER");
		assertThat(roles(login(CertificateName.SAN, builder("CN=jane")))).isEmpty();
		assertThat(roles(login(CertificateName.SAN, builder("CN=jane").addSanDnsName("jim")))).isEmpty();
	}

}
