package dev.echod.listener;

import dev.echod.testing.TestCertificates;
import dev.echod.tls.ReloadedBundles;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a listener's {@code tls} properties are refused for, with bundles that there are.
 */
class TlsSettingsTests {

	private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

	private final ReloadedBundles bundles = new ReloadedBundles();

	TlsSettingsTests() {
		this.bundles.registerBundle("web", TestCertificates.bundle(AUTHORITY.server("localhost"), null));
		this.bundles.registerBundle("trust", TestCertificates.trusting(AUTHORITY));
	}

	private void assertRefused(String property, String reason, String... properties) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> TestListener.start(this.bundles, properties).close())
			.satisfies((failure) -> {
				assertThat(failure.getName()).isEqualTo("echod.listeners.test." + property);
				assertThat(failure.getReason()).contains(reason);
			});
	}

	@Test
	void bundleThatThereIsNotIsRefusedWithThoseThatThereAre() {
		assertRefused("tls.bundle", "there is: trust, web.", "tls.bundle=wep");
		assertRefused("tls.server-names[a.example.org]", "there is: trust, web.", "tls.bundle=web",
				"tls.server-names[a.example.org]=wep");
	}

	@Test
	void bundleWithoutACertificateIsRefused() {
		assertRefused("tls.bundle", "SSL bundle 'trust' has no certificate", "tls.bundle=trust");
	}

	@Test
	void clientsCertificatesNeedATrustStore() {
		assertRefused("tls.client-auth", "It needs a trust store in SSL bundle 'web'", "tls.bundle=web",
				"tls.client-auth=want");
	}

	@Test
	void selectorHasNoTls() {
		assertRefused("tls.bundle", "Concurrency selector has no TLS", "tls.bundle=web", "concurrency=selector");
	}

	@Test
	void nameThatIsNoHostIsRefused() {
		assertRefused("tls.server-names", "It takes host names", "tls.bundle=web", "tls.server-names[a..b]=web");
		assertRefused("tls.server-names", "It takes host names", "tls.bundle=web", "tls.server-names[a.*.org]=web");
	}

}
