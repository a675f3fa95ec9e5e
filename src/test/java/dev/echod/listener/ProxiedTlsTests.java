package dev.echod.listener;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import dev.echod.connection.ClosedConnection;
import dev.echod.connection.CloseReason;
import dev.echod.connection.Endpoints;
import dev.echod.connection.OpenConnection;
import dev.echod.testing.Balancer;
import dev.echod.testing.ProxyHeaders;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import dev.echod.testing.TestClient.Tls;
import dev.echod.tls.ReloadedBundles;
import dev.echod.tls.TlsFailure;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Listeners with TLS behind a proxy that passes it through: the header comes first, as it
 * is.
 */
class ProxiedTlsTests {

	private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

	private static final SSLContext CLIENT = AUTHORITY.clientContext(null);

	private static final byte[] LINE = ProxyHeaders.text("PROXY TCP4 192.0.2.1 198.51.100.1 56324 8080");

	private static final String WAYS = "dev.echod.listener.ProxyProtocolTests#waysThatTakeIt";

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	static Stream<Arguments> waysAndVersions() {
		return BehindProxyTests.waysForMany()
			.stream()
			.flatMap((way) -> Stream.of("TLSv1.3", "TLSv1.2").map((version) -> Arguments.of(way, version)));
	}

	private static ReloadedBundles bundles() {
		ReloadedBundles bundles = new ReloadedBundles();
		bundles.registerBundle("web", TestCertificates.bundle(AUTHORITY.server("localhost"), AUTHORITY));
		return bundles;
	}

	private static TestListener server(String way, String mode) {
		return TestListener.servedBy(way, bundles(), "tls.bundle=web", "proxy-protocol.mode=" + mode,
				"proxy-protocol.trusted=127.0.0.1", "limits.handshake=2s");
	}

	private static void assertEchoesToTheEnd(TestClient client, int seed) throws Exception {
		byte[] sent = TestClient.randomBytes(seed, 300_000);
		Thread sender = Thread.startVirtualThread(() -> {
			try {
				client.send(sent).sendFin();
			}
			catch (IOException ex) {
				// Too little comes back.
			}
		});
		TestClient.assertSame(client.receiveToEnd(), sent);
		sender.join();
	}

	@ParameterizedTest
	@MethodSource("waysAndVersions")
	@Tag("long")
	void haproxyPassesTlsThroughAfterItsHeader(String way, String version) throws Exception {
		int port = Balancer.freePorts(1).getFirst();
		Tls tls = new Tls(CLIENT, version, "echo.example.org");
		try (TestListener server = server(way, "optional");
				Balancer haproxy = Balancer.haproxy(this.folder, port,
						BehindProxyTests.readme("haproxy", port, server))) {
			try (TestClient client = new TestClient(port, tls)) {
				assertThat(client.send(new byte[] { 1 }).receive(1)).as(haproxy.output()).containsExactly(1);
				assertServes(server, (InetSocketAddress) client.socket().getLocalSocketAddress(), version);
			}
			TestClient.inParallel(5, (number) -> {
				try (TestClient proxied = new TestClient(port, tls);
						TestClient direct = new TestClient(server.port(), tls)) {
					assertEchoesToTheEnd(proxied, number);
					assertEchoesToTheEnd(direct, number);
				}
			});
			await().until(() -> server.registry().connections().isEmpty());
			assertThat(server.registry().closedConnections()).extracting(ClosedConnection::reason)
				.containsOnly(CloseReason.PEER_CLOSED);
		}
	}

	@ParameterizedTest
	@MethodSource("waysAndVersions")
	@Tag("long")
	void nginxPassesTlsThroughAfterItsHeader(String way, String version) throws Exception {
		int port = Balancer.freePorts(1).getFirst();
		Tls tls = new Tls(CLIENT, version, "echo.example.org");
		try (TestListener server = server(way, "required");
				Balancer nginx = Balancer.nginx(this.folder, port, BehindProxyTests.readme("nginx", port, server))) {
			TestClient.inParallel(5, (number) -> {
				try (TestClient client = new TestClient(port, tls)) {
					assertThat(client.send(new byte[] { 1 }).receive(1)).as(nginx.output()).containsExactly(1);
					assertServes(server, (InetSocketAddress) client.socket().getLocalSocketAddress(), version);
				}
				try (TestClient client = new TestClient(port, tls)) {
					assertEchoesToTheEnd(client, number);
				}
			});
			assertThat(nginx.output()).doesNotContain("[error]");
		}
	}

	private static void assertServes(TestListener server, InetSocketAddress client, String version) {
		assertThat(server.registry().connections()).extracting(OpenConnection::endpoints).anySatisfy((ends) -> {
			assertThat(ends.proxied()).isEqualTo(client);
			assertThat(Objects.requireNonNull(ends.tls()).version()).isEqualTo(version);
		});
	}

	/**
	 * Its clients come without TLS; its header, then its own handshake, are what the
	 * listener gets, of its checks as well.
	 */
	@ParameterizedTest
	@MethodSource("dev.echod.listener.BehindProxyTests#waysForMany")
	@Tag("long")
	void haproxyEncryptsForTheListenerAfterItsHeader(String way) throws Exception {
		int port = Balancer.freePorts(1).getFirst();
		Path authority = Files.writeString(this.folder.resolve("ca.crt"), AUTHORITY.pem());
		try (TestListener server = server(way, "required");
				Balancer haproxy = Balancer.haproxy(this.folder, port, BehindProxyTests.readme("haproxy", port, server)
					.replace("send-proxy-v2 check",
							"send-proxy-v2 ssl verify required ca-file %s sni str(localhost)".formatted(authority)
									+ " check-sni localhost check"))) {
			TestClient.inParallel(5, (number) -> {
				try (TestClient client = new TestClient(port)) {
					assertThat(client.send(new byte[] { 1 }).receive(1)).as(haproxy.output()).containsExactly(1);
					assertServes(server, (InetSocketAddress) client.socket().getLocalSocketAddress(), "TLSv1.3");
				}
			});
			long before = checks(server);
			await().until(() -> checks(server) >= before + 2);
			try (TestClient client = new TestClient(port)) {
				assertThat(client.send(new byte[] { 1 }).receive(1)).as(haproxy.output()).containsExactly(1);
			}
			assertThat(haproxy.output()).doesNotContain("DOWN");
			assertThat(Stream.of(TlsFailure.values())
				.filter((failure) -> failure != TlsFailure.CLIENT_GONE)
				.mapToLong(server.handshakes()::failures)
				.sum()).isZero();
		}
	}

	/**
	 * A check leaves when its own side of the handshake is done, whether the listener's
	 * is or not.
	 */
	private static long checks(TestListener server) {
		return server.listener().totals().silent() + server.handshakes().failures(TlsFailure.CLIENT_GONE);
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	void whatFollowsTheHeaderIsTheHandshakeOrNothing(String way) throws Exception {
		try (TestListener server = server(way, "required")) {
			try (TestClient client = new TestClient(server.port())) {
				client.send(ProxyHeaders.join(LINE, "no TLS\n".getBytes(StandardCharsets.US_ASCII)));
				ClosedConnection closed = server.closed();
				assertThat(closed.reason()).isEqualTo(CloseReason.TLS_HANDSHAKE);
				assertThat(closed.endpoints()).returns("192.0.2.1", (ends) -> ends.client().getHostString())
					.returns(client.socket().getLocalSocketAddress(), Endpoints::peer);
			}
			assertThatExceptionOfType(IOException.class).isThrownBy(
					() -> new TestClient(server.port(), new Tls(CLIENT, "TLSv1.3", "echo.example.org")).close());
			await().until(() -> reasons(server).equals(List.of(CloseReason.PROXY_INVALID, CloseReason.TLS_HANDSHAKE)));
		}
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	void whoLeavesWithoutAHandshakeIsSilent(String way) throws Exception {
		try (TestListener server = server(way, "optional")) {
			try (TestClient check = new TestClient(server.port())) {
				check.send(ProxyHeaders.local()).sendFin().receiveToEnd();
			}
			try (TestClient check = new TestClient(server.port())) {
				check.sendFin().receiveToEnd();
			}
			try (TestClient check = new TestClient(server.port(), "127.0.0.2")) {
				check.sendFin().receiveToEnd();
			}
			await().until(() -> server.listener().totals().silent() == 3);
			assertThat(server.registry().closedConnections()).isEmpty();
			assertThat(Stream.of(TlsFailure.values()).mapToLong(server.handshakes()::failures).sum()).isZero();
		}
		try (TestListener server = TestListener.servedBy(way, bundles(), "tls.bundle=web")) {
			try (TestClient check = new TestClient(server.port())) {
				check.sendFin().receiveToEnd();
			}
			await().until(() -> server.listener().totals().silent() == 1);
		}
	}

	private static List<CloseReason> reasons(TestListener server) {
		return server.registry().closedConnections().stream().map(ClosedConnection::reason).toList();
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	@Tag("long")
	void handshakeHasWhatTheHeaderLeftOfTheTime(String way) throws Exception {
		for (String mode : List.of("required", "optional")) {
			try (TestListener server = server(way, mode); TestClient client = new TestClient(server.port())) {
				client.send(LINE);
				assertThatExceptionOfType(SocketException.class).isThrownBy(client::receiveToEnd);
				assertThat(server.closed()).returns(CloseReason.HANDSHAKE_TIMEOUT, ClosedConnection::reason)
					.satisfies((closed) -> assertThat(closed.duration().toMillis()).isLessThan(5_000));
			}
		}
		try (TestListener server = server(way, "optional"); TestClient silent = new TestClient(server.port())) {
			assertThatExceptionOfType(SocketException.class).isThrownBy(silent::receiveToEnd);
			assertThat(server.closed().reason()).isEqualTo(CloseReason.HANDSHAKE_TIMEOUT);
		}
	}

}
