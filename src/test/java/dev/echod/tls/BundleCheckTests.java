package dev.echod.tls;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;

import dev.echod.testing.TestCertificates;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Whether a key belongs to its certificate, for each kind of key.
 */
class BundleCheckTests {

	private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

	private static X509Bundle certificate(String algorithm) throws GeneralSecurityException {
		KeyPair keys = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
		return AUTHORITY.server("localhost", keys);
	}

	@ParameterizedTest
	@ValueSource(strings = { "RSA", "RSASSA-PSS", "EC", "Ed25519" })
	void keyOfAnotherCertificateIsFound(String algorithm) throws GeneralSecurityException {
		X509Bundle one = certificate(algorithm);
		X509Bundle other = certificate(algorithm);
		BundleCheck.check(TestCertificates.bundle(one, null));
		SslBundle mixed = SslBundle.of(new PemSslStoreBundle(
				PemSslStoreDetails.forCertificate(one.getCertificatePathPEM()).withPrivateKey(other.getPrivateKeyPEM()),
				null));
		assertThatExceptionOfType(GeneralSecurityException.class).isThrownBy(() -> BundleCheck.check(mixed))
			.withMessage("The private key does not belong to the certificate");
	}

}
