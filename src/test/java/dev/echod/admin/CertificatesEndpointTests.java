package dev.echod.admin;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.echod.EchodApplication;
import dev.echod.listener.Listeners;
import dev.echod.testing.AdminClient;
import dev.echod.testing.TestCertificates;
import dev.echod.tls.ReloadedBundles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;

import static dev.echod.testing.AdminClient.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the certificates endpoint tells of SSL bundles.
 */
class CertificatesEndpointTests {

	@TempDir
	private Path files;

	@Test
	void certificatesAreToldWithWhoUsesThemAndHowLongTheyLast() throws Exception {
		TestCertificates authority = TestCertificates.authority("Ours");
		TestCertificates.write(authority.server("localhost"), this.files);
		String bundle = "--spring.ssl.bundle.pem.%s.keystore.%s=%s";
		try (var context = new SpringApplication(EchodApplication.class).run("--server.port=0",
				"--echod.listeners.echo.port=0", "--echod.listeners.secured.port=0",
				"--echod.listeners.secured.tls.bundle=used", "--echod.admin.viewer.name=viewer",
				"--echod.admin.viewer.password=look",
				bundle.formatted("used", "certificate", this.files.resolve("tls.crt")),
				bundle.formatted("used", "private-key", this.files.resolve("tls.key")),
				bundle.formatted("unused", "certificate", this.files.resolve("tls.crt")),
				bundle.formatted("unused", "private-key", this.files.resolve("tls.key")));
				AdminClient admin = new AdminClient(
						context.getEnvironment().getRequiredProperty("local.server.port", Integer.class))) {
			assertThat(admin.call(NOBODY, "GET", "certificates", "").statusCode()).isEqualTo(401);
			List<Map<String, Object>> used = admin.read("certificates", "$.certificates[?(@.bundle == 'used')]");
			assertThat(used).isNotEmpty()
				.allSatisfy((certificate) -> assertThat(certificate).containsEntry("usedBy", List.of("secured"))
					.containsEntry("stale", null)
					.containsEntry("status", "VALID"));
			assertThat(admin.<List<String>>read("certificates", "$.certificates[?(@.bundle == 'used')].subject"))
				.contains("CN=localhost");
			assertThat(admin.<List<List<String>>>read("certificates", "$.certificates[?(@.bundle == 'unused')].usedBy"))
				.isNotEmpty()
				.allMatch(List::isEmpty);
			assertDaysLeft(context.getBean(ReloadedBundles.class), context.getBean(Listeners.class));
		}
	}

	private static void assertDaysLeft(ReloadedBundles bundles, Listeners listeners) {
		AdminTls tls = new AdminTls(true, false, Set.of("used"));
		Instant end = new CertificatesEndpoint(bundles, listeners, tls, Clock.systemUTC()).all()
			.certificates()
			.getFirst()
			.validUntil();
		Map.of(Duration.ofDays(10).plusHours(1), 10L, Duration.ofHours(1), 0L, Duration.ofHours(-1), -1L)
			.forEach((left, days) -> {
				Clock clock = Clock.fixed(end.minus(left), ZoneOffset.UTC);
				assertThat(new CertificatesEndpoint(bundles, listeners, tls, clock).all().certificates())
					.anySatisfy((certificate) -> {
						assertThat(certificate.daysLeft()).as(left.toString()).isEqualTo(days);
						assertThat(certificate.status()).isEqualTo((days < 0) ? "EXPIRED" : "VALID");
						assertThat(certificate.usedBy()).contains("admin");
					});
			});
	}

}
