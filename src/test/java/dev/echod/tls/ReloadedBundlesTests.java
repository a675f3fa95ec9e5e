package dev.echod.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import ch.qos.logback.classic.Level;
import dev.echod.testing.LogCapture;
import dev.echod.testing.MountedSecret;
import dev.echod.testing.TestCertificates;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * SSL bundles whose files change, in the application's own set-up.
 */
class ReloadedBundlesTests {

	private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	private ApplicationContextRunner application(Path files, String... properties) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
			.withUserConfiguration(TlsConfiguration.class)
			.withPropertyValues("spring.ssl.bundle.watch.file.quiet-period=50ms",
					"spring.ssl.bundle.pem.web.reload-on-update=true",
					"spring.ssl.bundle.pem.web.keystore.certificate=" + files.resolve("tls.crt"),
					"spring.ssl.bundle.pem.web.keystore.private-key=" + files.resolve("tls.key"))
			.withPropertyValues(properties);
	}

	private ApplicationContextRunner applicationWithStores(String type) {
		String bundle = "spring.ssl.bundle.jks.web.";
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
			.withUserConfiguration(TlsConfiguration.class)
			.withPropertyValues("spring.ssl.bundle.watch.file.quiet-period=50ms", bundle + "reload-on-update=true",
					bundle + "key.password=" + TestCertificates.keyPassword(type))
			.withPropertyValues(store(bundle + "keystore.", type, "keys"))
			.withPropertyValues(store(bundle + "truststore.", type, "trusted"));
	}

	private String[] store(String prefix, String type, String file) {
		return new String[] { prefix + "location=" + this.folder.resolve(file).toUri(), prefix + "type=" + type,
				prefix + "password=" + TestCertificates.STORE_PASSWORD };
	}

	private static String subject(ReloadedBundles bundles) throws Exception {
		KeyStore keys = Objects.requireNonNull(bundles.getBundle("web").getStores().getKeyStore());
		return keys.getCertificate(keys.aliases().nextElement()).toString();
	}

	private static Certificate trusted(ReloadedBundles bundles) throws Exception {
		return Objects.requireNonNull(bundles.getBundle("web").getStores().getTrustStore()).getCertificate("authority");
	}

	@Test
	void brokenFileKeepsTheLastGoodOneUntilItIsMended() {
		TestCertificates.write(AUTHORITY.server("first"), this.folder);
		application(this.folder).run((context) -> {
			ReloadedBundles bundles = context.getBean(ReloadedBundles.class);
			assertThat(subject(bundles)).contains("CN=first");
			List<SslBundle> told = new ArrayList<>();
			bundles.addBundleUpdateHandler("web", told::add);
			try (LogCapture log = new LogCapture()) {
				Files.writeString(this.folder.resolve("tls.crt"), "no certificate");
				await().until(() -> bundles.reloads("web").failures() > 0);
				assertThat(bundles.reloads("web").failure()).isNotBlank();
				assertThat(subject(bundles)).contains("CN=first");
				assertThat(told).isEmpty();
				assertThat(log.atLeast(Level.WARN)).hasSize(1)
					.allSatisfy((line) -> assertThat(line).contains("'web'", "stays in use").doesNotContain("\n"));

				TestCertificates.write(AUTHORITY.server("second"), this.folder);
				await().until(() -> !told.isEmpty());
				assertThat(bundles.reloads("web").failure()).isNull();
				assertThat(bundles.reloads("web").successes()).isPositive();
				assertThat(subject(bundles)).contains("CN=second");
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "PKCS12", "JKS" })
	void storesOfJavaAreReloadedAndABrokenOneKeepsTheLastGoodOne(String type) {
		TestCertificates.writeStores(type, AUTHORITY.server("first"), AUTHORITY, this.folder);
		applicationWithStores(type).run((context) -> {
			ReloadedBundles bundles = context.getBean(ReloadedBundles.class);
			Certificate first = trusted(bundles);
			assertThat(subject(bundles)).contains("CN=first");
			Files.writeString(this.folder.resolve("keys"), "no store");
			await().until(() -> bundles.reloads("web").failures() > 0);
			assertThat(bundles.reloads("web").failure()).isNotBlank();
			assertThat(subject(bundles)).contains("CN=first");

			TestCertificates.writeStores(type, AUTHORITY.server("second"), TestCertificates.authority("others"),
					this.folder);
			await().until(() -> subject(bundles).contains("CN=second") && !trusted(bundles).equals(first));
			assertThat(bundles.reloads("web").failure()).isNull();
		});
	}

	/**
	 * As while one of two files is replaced: Spring Boot by itself would serve a
	 * certificate that no handshake succeeds with.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void keyOfAnotherCertificateIsBroken(boolean verifiedByBoot) {
		TestCertificates.write(AUTHORITY.server("first"), this.folder);
		application(this.folder, "spring.ssl.bundle.pem.web.keystore.verify-keys=" + verifiedByBoot).run((context) -> {
			ReloadedBundles bundles = context.getBean(ReloadedBundles.class);
			assertThat(subject(bundles)).contains("CN=first");
			Files.writeString(this.folder.resolve("tls.crt"), AUTHORITY.server("second").getCertificatePEM());
			await().until(() -> bundles.reloads("web").failures() > 0);
			assertThat(bundles.reloads("web").failure())
				.isEqualTo("The private key does not belong to the certificate");
			assertThat(subject(bundles)).contains("CN=first");
		});
	}

	@Test
	void deletedFileKeepsTheLastGoodOne() {
		TestCertificates.write(AUTHORITY.server("first"), this.folder);
		application(this.folder).run((context) -> {
			ReloadedBundles bundles = context.getBean(ReloadedBundles.class);
			assertThat(subject(bundles)).contains("CN=first");
			Files.delete(this.folder.resolve("tls.key"));
			await().until(() -> bundles.reloads("web").failures() > 0);
			assertThat(subject(bundles)).contains("CN=first");
		});
	}

	@Test
	void linkOfAMountedSecretThatChangesIsFollowedEachTime() throws IOException {
		MountedSecret secret = new MountedSecret(this.folder);
		secret.put(AUTHORITY.server("first"));
		application(this.folder).run((context) -> {
			ReloadedBundles bundles = context.getBean(ReloadedBundles.class);
			assertThat(subject(bundles)).contains("CN=first");
			for (String next : List.of("second", "third")) {
				secret.put(AUTHORITY.server(next));
				await().atMost(Duration.ofSeconds(10)).until(() -> subject(bundles).contains("CN=" + next));
			}
			assertThat(bundles.reloads("web").failures()).isZero();
		});
	}

	@Test
	void userOfABundleThatFailsKeepsNoOtherFromLearningOfIt() {
		ReloadedBundles bundles = new ReloadedBundles();
		X509Bundle certificate = AUTHORITY.server("first");
		bundles.registerBundle("web", TestCertificates.bundle(certificate, null));
		List<SslBundle> told = new ArrayList<>();
		bundles.addBundleUpdateHandler("web", (updated) -> {
			throw new IllegalStateException("cannot");
		});
		bundles.addBundleUpdateHandler("web", told::add);
		bundles.updateBundle("web", TestCertificates.bundle(certificate, null));
		assertThat(told).hasSize(1);
		assertThat(bundles.reloads("web").failure()).isEqualTo("cannot");
	}

}
