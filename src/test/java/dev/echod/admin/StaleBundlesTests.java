package dev.echod.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.echod.EchodApplication;
import dev.echod.listener.Listeners;
import dev.echod.testing.AdminClient;
import dev.echod.testing.MountedSecret;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import dev.echod.testing.TestClient.Tls;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What health and meters tell of certificates, and of handshakes with them, in a service
 * whose files are mounted secrets: of a listener, of a relay, and of the admin API.
 */
class StaleBundlesTests {

	private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

	private static final List<String> BUNDLES = List.of("admin", "out", "web");

	private static final Map<String, String> BROKEN = Map.of("tls.crt", "no certificate", "tls.key", "no key", "ca.crt",
			"no certificate");

	private static final Duration DAYS_90 = Duration.ofDays(90);

	private static final Map<String, MountedSecret> SECRETS = new HashMap<>();

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private static Path folder;

	@SuppressWarnings("NullAway.Init")
	private static ConfigurableApplicationContext context;

	@SuppressWarnings("NullAway.Init")
	private static AdminClient admin;

	@BeforeAll
	static void start() throws IOException {
		secret("admin").put(AUTHORITY.server("localhost"));
		secret("web").put(AUTHORITY.server("first"));
		secret("out").put(Map.of("ca.crt", AUTHORITY.pem()));
		String bundle = "--spring.ssl.bundle.pem.";
		context = new SpringApplication(EchodApplication.class).run("--server.port=0", "--echod.listeners.echo.port=0",
				"--echod.listeners.secured.port=0", "--echod.listeners.secured.tls.bundle=web",
				"--echod.listeners.far.port=0", "--echod.listeners.far.framing=lf",
				"--echod.listeners.far.service=relay", "--echod.listeners.far.relay.host=localhost",
				"--echod.listeners.far.relay.port=9", "--echod.listeners.far.relay.tls.bundle=out",
				"--server.ssl.bundle=admin", "--echod.admin.operator.password=secret",
				"--echod.admin.viewer.name=viewer", "--echod.admin.viewer.password=look",
				"--spring.ssl.bundle.watch.file.quiet-period=50ms", bundle + "admin.reload-on-update=true",
				bundle + "web.reload-on-update=true", bundle + "out.reload-on-update=true",
				bundle + "admin.keystore.certificate=" + secret("admin").file("tls.crt"),
				bundle + "admin.keystore.private-key=" + secret("admin").file("tls.key"),
				bundle + "web.keystore.certificate=" + secret("web").file("tls.crt"),
				bundle + "web.keystore.private-key=" + secret("web").file("tls.key"),
				bundle + "out.truststore.certificate=" + secret("out").file("ca.crt"));
		admin = AdminClient.secure(AUTHORITY.clientContext(null),
				context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

	@AfterAll
	static void stop() {
		admin.close();
		context.close();
	}

	private static MountedSecret secret(String bundle) {
		return SECRETS.computeIfAbsent(bundle, (name) -> new MountedSecret(folder.resolve(name)));
	}

	private static int port() {
		return Objects.requireNonNull(context.getBean(Listeners.class).named("secured")).address().getPort();
	}

	private static X509Certificate handshake(String version) throws IOException {
		try (TestClient client = new TestClient(port(), new Tls(AUTHORITY.clientContext(null), version, "localhost"))) {
			assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			return (X509Certificate) client.session().getPeerCertificates()[0];
		}
	}

	private static double stale(String bundle) throws Exception {
		return admin.meter("echod_tls_bundle_stale{bundle=\"%s\"}".formatted(bundle));
	}

	private static String health(String component) throws Exception {
		return admin.call(VIEWER, "GET", "health/" + component, "").body();
	}

	@Test
	void brokenFilesAreToldOfWhereTheyAreUsedUntilTheyAreMended() throws Exception {
		X509Certificate first = handshake("TLSv1.3");
		for (String bundle : BUNDLES) {
			assertThat(stale(bundle)).as(bundle).isZero();
		}
		assertThat(health("listeners") + health("admin")).doesNotContain("staleBundles");

		for (String bundle : BUNDLES) {
			secret(bundle).put(BROKEN);
		}
		for (String bundle : BUNDLES) {
			await().until(() -> stale(bundle) == 1);
		}
		assertThat(handshake("TLSv1.3")).isEqualTo(first);
		assertThat(health("listeners/secured")).contains("\"status\":\"UP\"", "\"staleBundles\":{\"web\":\"");
		assertThat(health("listeners/far")).contains("\"staleBundles\":{\"out\":\"");
		assertThat(health("listeners/echo")).doesNotContain("staleBundles");
		assertThat(health("admin")).contains("\"status\":\"UP\"", "\"staleBundles\":{\"admin\":\"");

		X509Bundle second = AUTHORITY.server("second");
		secret("web").put(second);
		secret("admin").put(AUTHORITY.server("localhost"));
		secret("out").put(Map.of("ca.crt", AUTHORITY.pem()));
		for (String bundle : BUNDLES) {
			await().until(() -> stale(bundle) == 0);
		}
		assertThat(handshake("TLSv1.3")).isEqualTo(second.getCertificate());
		assertThat(health("listeners") + health("admin")).doesNotContain("staleBundles");
	}

	@Test
	void handshakesAndDaysToExpiryAreTold() throws Exception {
		String handshakes = "echod_tls_handshakes_total{listener=\"secured\",version=\"%s\"}";
		double before = admin.meter(handshakes.formatted("TLSv1.3"));
		handshake("TLSv1.3");
		handshake("TLSv1.3");
		handshake("TLSv1.2");
		try (TestClient plain = new TestClient(port())) {
			plain.send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)).receiveToEnd();
		}
		assertThat(admin.meter(handshakes.formatted("TLSv1.3"))).isEqualTo(before + 2);
		assertThat(admin.meter(handshakes.formatted("TLSv1.2"))).isEqualTo(1);
		String failures = "echod_tls_handshake_failures_total{listener=\"secured\",reason=\"%s\"}";
		await().until(() -> admin.meter(failures.formatted("NOT_TLS")) == 1);
		assertThat(admin.meter(failures.formatted("CLIENT_GONE"))).isZero();
		assertThat(expiry("web")).isBetween((double) DAYS_90.minusDays(1).toSeconds(), (double) DAYS_90.toSeconds());
		assertThat(expiry("admin")).isPositive();
		assertThat(health("ssl")).contains("\"status\":\"UP\"", "\"validChains\":[{");
	}

	private static double expiry(String bundle) throws Exception {
		return admin.call(VIEWER, "GET", "prometheus", "")
			.body()
			.lines()
			.filter((line) -> line.startsWith("ssl_chain_expiry_seconds{")
					&& line.contains("bundle=\"" + bundle + "\""))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
			.min()
			.orElseThrow();
	}

}
