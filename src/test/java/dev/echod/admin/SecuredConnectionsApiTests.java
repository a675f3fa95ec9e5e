package dev.echod.admin;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import javax.net.ssl.SSLContext;

import com.jayway.jsonpath.JsonPath;
import dev.echod.EchodApplication;
import dev.echod.listener.Listeners;
import dev.echod.testing.AdminClient;
import dev.echod.testing.ProxyHeaders;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import dev.echod.testing.TestClient.Tls;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static dev.echod.testing.AdminClient.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections with TLS, from behind a proxy or not, in the admin API, and probes by TLS.
 */
@SpringBootTest(classes = EchodApplication.class, webEnvironment = WebEnvironment.DEFINED_PORT,
		properties = { "server.port=0", "echod.listeners.echo.enabled=false", "echod.listeners.web.port=0",
				"echod.listeners.web.tls.bundle=web", "echod.listeners.web.tls.client-auth=want",
				"echod.listeners.web.proxy-protocol.mode=optional",
				"echod.listeners.web.proxy-protocol.trusted=127.0.0.1", "echod.admin.operator.password=secret",
				"echod.admin.viewer.name=viewer", "echod.admin.viewer.password=look" })
class SecuredConnectionsApiTests {

	private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

	private static final SSLContext CLIENT = AUTHORITY.clientContext(AUTHORITY.client("known"));

	private static final byte[] NO_HEADER = {};

	@Autowired
	private Listeners listeners;

	@Value("${local.server.port}")
	private int adminPort;

	@SuppressWarnings("NullAway.Init")
	private AdminClient admin;

	@DynamicPropertySource
	static void bundles(DynamicPropertyRegistry properties) {
		register("web", AUTHORITY.server("echo.example.org"), properties);
		register("probe", AUTHORITY.client("prober"), properties);
	}

	private static void register(String name, X509Bundle certificate, DynamicPropertyRegistry properties) {
		String bundle = "spring.ssl.bundle.pem.%s.".formatted(name);
		properties.add(bundle + "keystore.certificate", certificate::getCertificatePathPEM);
		properties.add(bundle + "keystore.private-key", certificate::getPrivateKeyPEM);
		properties.add(bundle + "truststore.certificate", AUTHORITY::pem);
	}

	@BeforeEach
	void connect() {
		this.admin = new AdminClient(this.adminPort);
	}

	@AfterEach
	void disconnect() {
		this.admin.close();
	}

	private int port() {
		return Objects.requireNonNull(this.listeners.named("web")).address().getPort();
	}

	/**
	 * A connection that was served once.
	 */
	private TestClient connected(byte[] header) throws IOException {
		TestClient client = new TestClient(port(), new Tls(CLIENT, "TLSv1.3", "echo.example.org"), header);
		echo(client);
		return client;
	}

	private static void echo(TestClient client) throws IOException {
		assertThat(client.send(new byte[] { 7 }).receive(1)).containsExactly(7);
	}

	private static void end(TestClient client) throws IOException {
		assertThat(client.sendFin().receiveToEnd()).isEmpty();
	}

	private List<String> proxied(String path) throws Exception {
		return this.admin.read(path, "$.connections[*].proxied");
	}

	@Test
	void handshakeAndHeaderAreShownWhileItIsOpenAndThen() throws Exception {
		Map<String, Object> shown;
		try (TestClient client = connected(ProxyHeaders.binary("192.0.2.1", 56324))) {
			shown = this.admin.read("connections?peer=192.0.2.1", "$.connections[0]");
			assertThat(shown).containsEntry("peer", "127.0.0.1:" + client.socket().getLocalPort())
				.containsEntry("proxied", "192.0.2.1:56324")
				.containsEntry("tls", Map.of("version", "TLSv1.3", "cipherSuite", client.session().getCipherSuite(),
						"serverName", "echo.example.org", "clientSubject", "CN=known", "resumed", false));
			end(client);
		}
		String closed = "closedconnections?peer=192.0.2.1";
		await().until(() -> this.admin.<Integer>read(closed, "$.matched") == 1);
		assertThat(this.admin.<Map<String, Object>>read(closed, "$.connections[0]"))
			.containsEntry("id", Objects.requireNonNull(shown.get("id")))
			.containsEntry("peer", Objects.requireNonNull(shown.get("peer")))
			.containsEntry("proxied", "192.0.2.1:56324")
			.containsEntry("tls", Objects.requireNonNull(shown.get("tls")));
	}

	/**
	 * The proxy's own address finds those alone that it sent no header for.
	 */
	@Test
	void peerIsWhomTheProxyNamesWhereverItIsAskedFor() throws Exception {
		String own = "peer=127.0.0.1&listener=web";
		try (TestClient proxied = connected(ProxyHeaders.binary("198.51.100.7", 40_000));
				TestClient direct = connected(NO_HEADER)) {
			assertThat(proxied("connections?peer=198.51.100.0/24")).containsExactly("198.51.100.7:40000");
			assertThat(proxied("connections?" + own)).containsOnlyNulls().hasSize(1);
			assertThat(this.admin.<List<String>>read("connections?by=peer", "$.peers[*].peer"))
				.containsExactlyInAnyOrder("198.51.100.7", "127.0.0.1");
			assertThat(
					this.admin.<List<Integer>>read("connections?by=peer&peer=198.51.100.7", "$.peers[*].connections"))
				.containsExactly(1);
			HttpResponse<String> closed = this.admin.call(OPERATOR, "DELETE", "connections?peer=198.51.100.7", "");
			assertThat(JsonPath.<Integer>read(closed.body(), "$.matched")).as(closed.body()).isOne();
			end(proxied);
			echo(direct);
			end(direct);
		}
		await().until(() -> this.admin.<Integer>read("closedconnections?" + own, "$.matched") > 0);
		assertThat(proxied("closedconnections?" + own)).containsOnlyNulls();
		assertThat(proxied("closedconnections?peer=198.51.100.7")).containsExactly("198.51.100.7:40000");
	}

	private HttpResponse<String> probe(String more) throws Exception {
		return this.admin.call(OPERATOR, "POST", "probe",
				"{\"host\":\"127.0.0.1\",\"port\":%d,%s}".formatted(port(), more));
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = { "\"tlsBundle\":\"probe\",\"serverName\":\"echo.example.org\"",
			"\"tls\":true,\"tlsBundle\":\"probe\",\"serverName\":\"echo.example.org\"" })
	void probeComesByTls(String fields) throws Exception {
		HttpResponse<String> probed = probe(fields);
		assertThat(JsonPath.<Boolean>read(probed.body(), "$.echoed")).as(probed.body()).isTrue();
		await().untilAsserted(() -> assertThat(this.admin
			.<Map<String, Object>>read("closedconnections?listener=web&sort=-closedAt&limit=1", "$.connections[0].tls"))
			.containsEntry("serverName", "echo.example.org")
			.containsEntry("clientSubject", "CN=prober"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			value = { "\"tls\":true;unable to find valid certification path",
					"\"serverName\":\"echo.example.org\";unable to find valid certification path",
					"\"tlsBundle\":\"probe\",\"serverName\":\"other.example.org\";other.example.org" })
	void probeOfWhomItCannotTrustSaysSo(String fields, String why) throws Exception {
		HttpResponse<String> probed = probe(fields);
		assertThat(JsonPath.<Boolean>read(probed.body(), "$.echoed")).as(probed.body()).isFalse();
		assertThat(JsonPath.<String>read(probed.body(), "$.error")).contains(why);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '|',
			value = { "\"tls\":false,\"serverName\":\"echo.example.org\";'tlsBundle' and 'serverName' need 'tls'",
					"\"tls\":false,\"tlsBundle\":\"probe\";'tlsBundle' and 'serverName' need 'tls'",
					"\"tlsBundle\":\"prob\";There is no SSL bundle 'prob', 'tlsBundle' takes one of [probe, web]" })
	void probeThatMakesNoSenseIsRefused(String fields, String sentence) throws Exception {
		HttpResponse<String> refused = probe(fields);
		assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
		assertThat(JsonPath.<String>read(refused.body(), "$.detail")).isEqualTo(sentence);
	}

}
