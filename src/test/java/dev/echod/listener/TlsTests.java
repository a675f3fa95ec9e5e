package dev.echod.listener;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import ch.qos.logback.classic.Level;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.Endpoints;
import dev.echod.connection.TlsDetails;
import dev.echod.testing.LogCapture;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import dev.echod.testing.TestClient.Tls;
import dev.echod.tls.Handshakes;
import dev.echod.tls.ReloadedBundles;
import dev.echod.tls.TlsFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ssl.SslBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Listeners with TLS, served in each way that has it.
 */
@ParameterizedClass
@MethodSource("ways")
class TlsTests {

	private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

	/**
	 * Has the same name: a client shows its certificate only where an authority of the
	 * name is trusted.
	 */
	private static final TestCertificates OTHERS = TestCertificates.authority("authority");

	private static final SSLContext CLIENT = AUTHORITY.clientContext(null);

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private String way;

	private final ReloadedBundles bundles = new ReloadedBundles();

	@SuppressWarnings("NullAway.Init")
	private TestListener server;

	static List<String> ways() {
		return TestListener.waysToServe().stream().filter((way) -> !way.equals("selector")).toList();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private void start(String... properties) {
		start(TestCertificates.bundle(AUTHORITY.server("localhost"), AUTHORITY), properties);
	}

	private void start(SslBundle bundle, String... properties) {
		this.bundles.registerBundle("web", bundle);
		this.server = TestListener.servedBy(this.way, this.bundles,
				Stream.concat(Stream.of("tls.bundle=web"), Arrays.stream(properties)).toArray(String[]::new));
	}

	private Handshakes handshakes() {
		return this.server.handshakes();
	}

	private static TlsDetails tls(Endpoints ends) {
		return Objects.requireNonNull(ends.tls());
	}

	private TestClient connect(String version) throws IOException {
		return connect(CLIENT, version);
	}

	private TestClient connect(SSLContext context, String version) throws IOException {
		return new TestClient(this.server.port(), new Tls(context, version, "echo.example.org"));
	}

	private void echo(TestClient client, String text) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		assertThat(client.send(bytes).receive(bytes.length)).isEqualTo(bytes);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void versionSuiteAndServerNameAreKnown(String version) throws IOException {
		start();
		try (TestClient client = connect(version)) {
			echo(client, "hello");
			TlsDetails tls = tls(this.server.connection().endpoints());
			assertThat(tls)
				.isEqualTo(new TlsDetails(version, client.session().getCipherSuite(), "echo.example.org", null, false));
			assertThat(tls.cipherSuite()).contains("GCM");
		}
		assertThat(tls(this.server.closed().endpoints()).version()).isEqualTo(version);
		assertThat(handshakes().successes(version)).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void repliesOwedAtCloseNotifyAreSentBeforeOurs(String version) throws Exception {
		start("framing=stream");
		TestClient.inParallel(20, (number) -> {
			byte[] sent = TestClient.randomBytes(number, 300_000);
			try (TestClient client = connect(version)) {
				Thread.ofVirtual().start(() -> sendAll(client, sent));
				TestClient.assertSame(client.receiveToEnd(), sent);
			}
		});
		await().until(() -> this.server.registry().closedConnections().size() == 20);
		assertThat(this.server.registry().closedConnections()).extracting(ClosedConnection::reason)
			.containsOnly(CloseReason.PEER_CLOSED);
	}

	private static void sendAll(TestClient client, byte[] bytes) {
		try {
			client.send(bytes).sendFin();
		}
		catch (IOException ex) {
			// Who receives finds out.
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void endWithoutACloseNotifyIsATruncation(String version) throws Exception {
		start();
		try (TestClient client = connect(version)) {
			echo(client, "hello");
			client.truncate();
			assertThat(this.server.closed().reason()).isEqualTo(CloseReason.TLS_TRUNCATED);
		}
	}

	/**
	 * As balancers' checks do: there is nothing that could be truncated.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void whoLeavesAfterTheHandshakeWithoutAByteIsSilent(String version) throws Exception {
		start();
		try (TestClient client = connect(version)) {
			await().until(() -> handshakes().successes(version) == 1);
			client.truncate();
			await().until(() -> this.server.listener().totals().silent() == 1);
		}
		assertThat(this.server.registry().closedConnections()).isEmpty();
	}

	@Test
	void plainClientIsClosedAndItsBytesReachNothing() throws Exception {
		start();
		try (LogCapture log = new LogCapture(); TestClient client = new TestClient(this.server.port())) {
			client.send("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			ClosedConnection closed = this.server.closed();
			assertThat(closed.reason()).isEqualTo(CloseReason.TLS_HANDSHAKE);
			assertThat(closed.messages()).isZero();
			assertThat(handshakes().failures(TlsFailure.NOT_TLS)).isEqualTo(1);
			assertThat(log.atLeast(Level.INFO)).filteredOn((line) -> line.contains("xception")).isEmpty();
		}
	}

	@Test
	void closeIsToldByACloseNotify() throws Exception {
		start();
		try (TestClient client = connect("TLSv1.3")) {
			echo(client, "hello");
			this.server.connection().close(CloseReason.OPERATOR_CLOSED, null);
			assertThat(client.receiveToEnd()).isEmpty();
			client.sendFin();
			assertThat(this.server.closed().reason()).isEqualTo(CloseReason.OPERATOR_CLOSED);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void sessionIsResumed(String version) throws Exception {
		start();
		SSLContext context = AUTHORITY.clientContext(null);
		for (boolean resumed : new boolean[] { false, true }) {
			try (TestClient client = connect(context, version)) {
				echo(client, "hello");
				assertThat(tls(this.server.connection().endpoints()).resumed()).isEqualTo(resumed);
				client.sendFin();
				client.receiveToEnd();
			}
			this.server.closed();
		}
		assertThat(handshakes().resumed()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void clientWithoutATrustedCertificateIsNotServed(String version) throws Exception {
		start("tls.client-auth=need");
		serve(AUTHORITY.clientContext(AUTHORITY.client("known")), version, "CN=known");
		refuse(AUTHORITY.clientContext(null), version);
		refuse(AUTHORITY.clientContext(AUTHORITY.expiredClient("expired")), version);
		refuse(AUTHORITY.clientContext(OTHERS.client("of others")), version);
		assertThat(handshakes().failures(TlsFailure.CLIENT_CERTIFICATE)).isEqualTo(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void clientThatNeedsNoCertificateIsNotServedWithAWrongOne(String version) throws Exception {
		start("tls.client-auth=want");
		serve(AUTHORITY.clientContext(AUTHORITY.client("known")), version, "CN=known");
		serve(AUTHORITY.clientContext(null), version, null);
		refuse(AUTHORITY.clientContext(AUTHORITY.expiredClient("expired")), version);
		refuse(AUTHORITY.clientContext(OTHERS.client("of others")), version);
		assertThat(handshakes().failures(TlsFailure.CLIENT_CERTIFICATE)).isEqualTo(2);
	}

	private void serve(SSLContext context, String version, @Nullable String subject) throws IOException {
		try (TestClient client = connect(context, version)) {
			echo(client, "hello");
			assertThat(tls(this.server.connection().endpoints()).clientSubject()).isEqualTo(subject);
		}
		this.server.closed();
	}

	private void refuse(SSLContext context, String version) {
		int before = this.server.registry().closedConnections().size();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
			try (TestClient client = connect(context, version)) {
				client.send(new byte[1]).receive(1);
				client.in().read();
				throw new AssertionError("Is served");
			}
		});
		await().until(() -> this.server.registry().closedConnections().size() > before);
		assertThat(this.server.registry().closedConnections().getFirst().reason()).isEqualTo(CloseReason.TLS_HANDSHAKE);
	}

	/**
	 * It may say what it likes, and is kept for long. The JDK gives who asks for a name
	 * like this no ticket that it would take itself, but for TLS 1.2.
	 */
	@Test
	void ofWhatAClientSaysOfItselfTheBeginningIsKept() throws IOException {
		start("tls.client-auth=need");
		SSLContext context = AUTHORITY.clientContext(AUTHORITY.client("x".repeat(1_000)));
		Tls named = new Tls(context, "TLSv1.2", "a.".repeat(500) + "example.org");
		try (TestClient client = new TestClient(this.server.port(), named)) {
			echo(client, "hello");
			TlsDetails tls = tls(this.server.connection().endpoints());
			assertThat(tls.serverName()).hasSize(256).startsWith("a.a.a.").endsWith("…");
			assertThat(tls.clientSubject()).hasSize(256).startsWith("CN=xxx").endsWith("…");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void clientThatIsNotTrustedSinceAReloadIsRefusedAlsoWithItsSession(String version) throws Exception {
		start("tls.client-auth=need");
		assumeThat(this.way).as("serves more than one").isNotEqualTo("serial");
		SSLContext context = AUTHORITY.clientContext(AUTHORITY.client("revoked"));
		try (TestClient client = connect(context, version)) {
			echo(client, "hello");
			this.bundles.updateBundle("web", TestCertificates.bundle(AUTHORITY.server("localhost"), OTHERS));
			echo(client, "still here");
			refuse(context, version);
			echo(client, "still here");
		}
		assertThat(handshakes().resumed()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "PKCS12", "JKS" })
	void storesOfJavaAreTakenAndReloaded(String type, @TempDir Path folder) throws Exception {
		SSLContext client = AUTHORITY.clientContext(AUTHORITY.client("known"));
		TestCertificates.writeStores(type, AUTHORITY.server("first"), AUTHORITY, folder);
		start(TestCertificates.stores(type, folder), "tls.client-auth=want");
		serve(client, "TLSv1.3", "CN=known");
		assertThat(subject("localhost")).isEqualTo("CN=first");
		TestCertificates.writeStores(type, AUTHORITY.server("second"), OTHERS, folder);
		this.bundles.updateBundle("web", TestCertificates.stores(type, folder));
		assertThat(subject("localhost")).isEqualTo("CN=second");
		refuse(client, "TLSv1.3");
	}

	@Test
	void serverNameChoosesTheCertificate() throws Exception {
		this.bundles.registerBundle("a", TestCertificates.bundle(AUTHORITY.server("a.example.org"), null));
		this.bundles.registerBundle("any", TestCertificates.bundle(AUTHORITY.rsaServer("any"), null));
		start("tls.server-names[a.example.org]=a", "tls.server-names[*.example.org]=any");
		assertThat(subject("a.example.org")).isEqualTo("CN=a.example.org");
		assertThat(subject("b.example.org")).isEqualTo("CN=any");
		assertThat(subject("b.c.example.org")).isEqualTo("CN=localhost");
		assertThat(subject("localhost")).isEqualTo("CN=localhost");
		this.bundles.updateBundle("a", TestCertificates.bundle(AUTHORITY.server("new"), null));
		assertThat(subject("A.example.org")).isEqualTo("CN=new");
	}

	private String subject(String serverName) throws IOException {
		try (TestClient client = new TestClient(this.server.port(), new Tls(CLIENT, "TLSv1.3", serverName))) {
			return client.session().getPeerPrincipal().getName();
		}
	}

}
