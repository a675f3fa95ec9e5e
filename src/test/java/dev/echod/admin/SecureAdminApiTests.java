package dev.echod.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLSocket;

import ch.qos.logback.classic.Level;
import com.jayway.jsonpath.JsonPath;
import dev.echod.EchodApplication;
import dev.echod.testing.AdminClient;
import dev.echod.testing.LogCapture;
import dev.echod.testing.Login;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import io.netty.pkitesting.X509Bundle;
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

import static dev.echod.testing.AdminClient.NOBODY;
import static dev.echod.testing.AdminClient.OPERATOR;
import static dev.echod.testing.AdminClient.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The admin API by TLS, and certificates that are logins.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecureAdminApiTests {

	private static final TestCertificates AUTHORITY = TestCertificates.authority("Ours");

	@TempDir
	private Path files;

	private ConfigurableApplicationContext start(String... arguments) throws IOException {
		TestCertificates.write(AUTHORITY.server("localhost"), this.files);
		Files.writeString(this.files.resolve("ca.crt"), AUTHORITY.pem());
		List<String> all = new ArrayList<>(List.of("--server.port=0", "--echod.listeners.echo.port=0",
				"--echod.admin.operator.password=secret", "--echod.admin.viewer.name=viewer",
				"--echod.admin.viewer.password=look", "--spring.ssl.bundle.watch.file.quiet-period=50ms"));
		String bundle = "--spring.ssl.bundle.pem.admin.";
		all.add(bundle + "reload-on-update=true");
		all.add(bundle + "keystore.certificate=" + this.files.resolve("tls.crt"));
		all.add(bundle + "keystore.private-key=" + this.files.resolve("tls.key"));
		all.add(bundle + "truststore.certificate=" + this.files.resolve("ca.crt"));
		String bare = bundle.replace("admin", "bare");
		all.add(bare + "keystore.certificate=" + this.files.resolve("tls.crt"));
		all.add(bare + "keystore.private-key=" + this.files.resolve("tls.key"));
		all.addAll(List.of(arguments));
		return new SpringApplication(EchodApplication.class, LoginClock.class).run(all.toArray(String[]::new));
	}

	private static int port(ConfigurableApplicationContext context, String name) {
		return context.getEnvironment().getRequiredProperty("local.%s.port".formatted(name), Integer.class);
	}

	private static AdminClient client(ConfigurableApplicationContext context) {
		return AdminClient.secure(AUTHORITY.clientContext(null), port(context, "server"));
	}

	private static AdminClient client(ConfigurableApplicationContext context, String name) {
		X509Bundle certificate = AUTHORITY.client(name);
		return AdminClient.secure(AUTHORITY.clientContext(certificate), port(context, "server"));
	}

	private static int status(AdminClient client, String credentials) throws Exception {
		return client.call(credentials, "GET", "listeners", "").statusCode();
	}

	private static X509Certificate presented(int port) throws IOException {
		try (SSLSocket socket = (SSLSocket) AUTHORITY.clientContext(null)
			.getSocketFactory()
			.createSocket("127.0.0.1", port)) {
			socket.startHandshake();
			return (X509Certificate) socket.getSession().getPeerCertificates()[0];
		}
	}

	@Test
	void passwordsWorkByTls() throws Exception {
		try (var context = start("--server.ssl.bundle=admin"); AdminClient admin = client(context)) {
			assertThat(admin.call(NOBODY, "GET", "health/readiness", "").statusCode()).isEqualTo(200);
			assertThat(status(admin, NOBODY)).isEqualTo(401);
			assertThat(status(admin, OPERATOR)).isEqualTo(200);
			assertThat(admin
				.call(OPERATOR, "POST", "listeners/echo", "{\"state\":\"ACCEPTING\"}", "Origin",
						"https://127.0.0.1:" + port(context, "server"))
				.statusCode()).isEqualTo(200);
		}
	}

	@Test
	void cookieOfASessionIsSentByTlsAlone() throws Exception {
		try (var context = start("--server.ssl.bundle=admin");
				AdminClient root = AdminClient.secureRoot(AUTHORITY.clientContext(null), port(context, "server"))) {
			assertThat(Login.submit(root, "username=viewer&password=look")
				.headers()
				.firstValue("Set-Cookie")
				.orElseThrow()).contains("; Secure; HTTPOnly; SameSite=Strict");
		}
	}

	/**
	 * A browser shows its certificate whether its user wants to be that or not.
	 */
	@Test
	@Tag("long")
	void loginByTheFormGoesBeforeTheCertificate() throws Exception {
		try (var context = start("--server.ssl.bundle=admin", "--server.ssl.client-auth=want",
				"--echod.admin.x509.operators=ops");
				AdminClient root = AdminClient.secureRoot(AUTHORITY.clientContext(AUTHORITY.client("ops")),
						port(context, "server"))) {
			assertThat(JsonPath.<List<String>>read(root.call(NOBODY, "GET", "me", "").body(), "$.roles"))
				.containsExactly("OPERATOR");
			Login viewer = Login.as(root, VIEWER);
			assertThat(JsonPath.<List<String>>read(viewer.get(root, "me").body(), "$.roles")).containsExactly("VIEWER");
			assertThat(viewer.change(root, "DELETE", "actuator/drain", "", viewer.csrf()).statusCode()).isEqualTo(403);
		}
	}

	@Test
	void whoDoesNotSpeakTlsLearnsNothingAndIsNoNews() throws Exception {
		try (var context = start("--server.ssl.bundle=admin"); LogCapture log = new LogCapture()) {
			try (TestClient plain = new TestClient(port(context, "server"))) {
				plain.send(
						"GET /actuator/health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
				assertThat(new String(plain.receiveToEnd(), StandardCharsets.US_ASCII)).doesNotContain("HTTP");
			}
			assertThat(log.atLeast(Level.INFO)).isEmpty();
		}
	}

	@Test
	void newCertificateIsTakenWithoutARestart() throws Exception {
		try (var context = start("--server.ssl.bundle=admin"); AdminClient admin = client(context)) {
			int port = port(context, "server");
			assertThat(status(admin, OPERATOR)).isEqualTo(200);
			X509Certificate first = presented(port);
			X509Bundle next = AUTHORITY.server("localhost");
			TestCertificates.write(next, this.files);
			await().until(() -> !presented(port).equals(first));
			assertThat(presented(port)).isEqualTo(next.getCertificate());
			assertThat(status(admin, OPERATOR)).isEqualTo(200);
		}
	}

	@Test
	void brokenCertificateKeepsTheLastGoodOne(CapturedOutput output) throws Exception {
		try (var context = start("--server.ssl.bundle=admin")) {
			int port = port(context, "server");
			X509Certificate first = presented(port);
			Files.writeString(this.files.resolve("tls.crt"), "no certificate");
			await().until(() -> output.getOut().contains("ERROR") || output.getOut().contains("WARN"));
			assertThat(presented(port)).isEqualTo(first);
			X509Bundle next = AUTHORITY.server("localhost");
			TestCertificates.write(next, this.files);
			await().until(() -> presented(port).equals(next.getCertificate()));
		}
	}

	@Test
	void portOfItsOwnHasTlsOfItsOwn() throws Exception {
		try (var context = start("--management.server.port=0", "--management.server.address=127.0.0.1",
				"--management.server.ssl.bundle=admin");
				AdminClient admin = AdminClient.secure(AUTHORITY.clientContext(null), port(context, "management"));
				AdminClient other = new AdminClient(port(context, "server"))) {
			int port = port(context, "management");
			assertThat(status(admin, VIEWER)).isEqualTo(200);
			assertThat(other.call(OPERATOR, "GET", "listeners", "").statusCode()).isEqualTo(404);
			X509Certificate first = presented(port);
			TestCertificates.write(AUTHORITY.server("localhost"), this.files);
			await().until(() -> !presented(port).equals(first));
		}
	}

	@Test
	void certificatesAreLoginsBesidePasswords() throws Exception {
		try (var context = start("--server.ssl.bundle=admin", "--server.ssl.client-auth=want",
				"--echod.admin.x509.operators=jane", "--echod.admin.x509.viewers=joe,prometheus");
				AdminClient none = client(context);
				AdminClient jane = client(context, "jane");
				AdminClient joe = client(context, "joe");
				AdminClient jim = client(context, "jim")) {
			String accepting = "{\"state\":\"ACCEPTING\",\"reason\":\"by certificate\"}";
			assertThat(status(none, NOBODY)).isEqualTo(401);
			assertThat(status(none, OPERATOR)).isEqualTo(200);
			assertThat(jane.call(NOBODY, "POST", "listeners/echo", accepting).statusCode()).isEqualTo(200);
			assertThat(joe.call(NOBODY, "POST", "listeners/echo", accepting).statusCode()).isEqualTo(403);
			assertThat(status(joe, NOBODY)).isEqualTo(200);
			assertThat(status(jim, NOBODY)).isEqualTo(403);
			assertThat(jim.call(NOBODY, "GET", "info", "").body()).doesNotContain("transport");
			assertThat(status(jim, VIEWER)).isEqualTo(200);
			assertThat(status(jane, "operator:wrong")).as("taken for whom it says").isEqualTo(401);
			assertThat(jane.call(NOBODY, "GET", "listeners", "", "Authorization", "Bearer x").statusCode())
				.isEqualTo(401);
			assertThat(joe.call(NOBODY, "GET", "auditevents?principal=certificate:CN=jane", "").body())
				.contains("by certificate");
			assertThat(joe.call(NOBODY, "GET", "auditevents?type=REFUSED", "").body()).contains("certificate:CN=j");
		}
	}

	@ParameterizedTest
	@CsvSource({ "need", "want" })
	void certificateOfAnotherAuthorityComesToNothing(String clientAuth) throws Exception {
		X509Bundle foreign = TestCertificates.authority("Theirs").client("jane");
		try (var context = start("--server.ssl.bundle=admin", "--server.ssl.client-auth=" + clientAuth,
				"--echod.admin.x509.operators=jane");
				LogCapture log = new LogCapture();
				AdminClient stranger = AdminClient.secure(AUTHORITY.clientContext(foreign), port(context, "server"));
				AdminClient late = AdminClient.secure(AUTHORITY.clientContext(AUTHORITY.expiredClient("jane")),
						port(context, "server"))) {
			assertComesToNothing(stranger);
			assertComesToNothing(late);
			assertThat(log.atLeast(Level.INFO)).allMatch((line) -> line.startsWith("dev.echod.audit: REFUSED"));
		}
	}

	/**
	 * A client may keep a certificate to itself that nobody asked for.
	 */
	private static void assertComesToNothing(AdminClient client) throws Exception {
		try {
			assertThat(status(client, NOBODY)).isEqualTo(401);
		}
		catch (IOException ex) {
			assertThat(ex).hasMessageNotContaining("timed out");
		}
	}

	@Test
	void whereACertificateIsNeededNobodyComesWithoutOne() throws Exception {
		try (var context = start("--server.ssl.bundle=admin", "--server.ssl.client-auth=need",
				"--echod.admin.x509.viewers=joe");
				AdminClient none = client(context);
				AdminClient joe = client(context, "joe")) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> status(none, OPERATOR));
			assertThat(status(joe, NOBODY)).isEqualTo(200);
			assertThat(status(joe, OPERATOR)).isEqualTo(200);
		}
	}

	/**
	 * The authority of the same name is the one that is trusted then, so that the client
	 * goes on showing its certificate.
	 */
	@ParameterizedTest
	@CsvSource({ "need", "want" })
	void certificateThatIsNotTrustedSinceAReloadComesToNothing(String clientAuth) throws Exception {
		X509Bundle certificate = AUTHORITY.client("jane");
		try (var context = start("--server.ssl.bundle=admin", "--server.ssl.client-auth=" + clientAuth,
				"--echod.admin.x509.operators=jane")) {
			assertThat(statusOfNew(certificate, context)).isEqualTo(200);
			TestCertificates others = TestCertificates.authority("Ours");
			Files.writeString(this.files.resolve("ca.crt"), others.pem());
			await().ignoreExceptions().until(() -> statusOfNew(others.client("jane"), context) == 200);
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> statusOfNew(certificate, context))
				.withMessageNotContaining("timed out");
		}
	}

	/**
	 * What a client gets on a connection of its own.
	 */
	private static int statusOfNew(X509Bundle certificate, ConfigurableApplicationContext context) throws Exception {
		try (AdminClient client = AdminClient.secure(AUTHORITY.clientContext(certificate), port(context, "server"))) {
			return status(client, NOBODY);
		}
	}

	@Test
	void keyOfAnotherCertificateStopsTheStart(@TempDir Path others, CapturedOutput output) throws Exception {
		TestCertificates.write(AUTHORITY.server("localhost"), others);
		String mixed = "--spring.ssl.bundle.pem.mixed.keystore.";
		assertThatException()
			.isThrownBy(() -> start("--server.ssl.bundle=mixed", mixed + "certificate=" + others.resolve("tls.crt"),
					mixed + "private-key=" + this.files.resolve("tls.key"))
				.close());
		assertThat(output).contains("Invalid value 'mixed'")
			.contains("The private key does not belong to the certificate")
			.doesNotContain("\tat ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = {
			"--server.ssl.bundle=other;cannot use TLS as server.ssl has it: SSL bundle name 'other' cannot be found",
			"--server.ssl.certificate=/nowhere.crt --server.ssl.certificate-private-key=/nowhere.key;/nowhere.crt",
			"--management.server.port=0 --management.server.address=127.0.0.1 --management.server.ssl.bundle=other;as management.server.ssl has it",
			"--echod.admin.x509.viewers=joe;echod.admin.x509 is set, but no client",
			"--server.ssl.bundle=admin --echod.admin.x509.viewers=joe;Set server.ssl.client-auth",
			"--server.ssl.bundle=bare --server.ssl.client-auth=want;server.ssl.client-auth asks clients for a certificate, but",
			"--server.ssl.bundle=admin --server.ssl.client-auth=want --server.ssl.server-name-bundles[0].server-name=a --server.ssl.server-name-bundles[0].bundle=bare;server.ssl.client-auth asks",
			"--echod.admin.x509.operators[0]=;echod.admin.x509.operators has one that is empty",
			"--echod.admin.jwt.claim=x --echod.admin.jwt.viewers[0]=;echod.admin.jwt.viewers has one that is empty",
			"--echod.admin.x509.principal=dn --echod.admin.x509.viewers=joe;echod.admin.x509.principal" })
	void contradictionStopsTheStart(String arguments, String explanation, CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(arguments.split(" ", -1)).close());
		assertThat(output).contains("APPLICATION FAILED TO START").contains(explanation).doesNotContain("\tat ");
	}

}
