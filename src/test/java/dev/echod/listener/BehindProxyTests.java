package dev.echod.listener;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

import dev.echod.testing.Balancer;
import dev.echod.testing.Needs;
import dev.echod.testing.Readme;
import dev.echod.testing.TestClient;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Behind real proxies that send PROXY headers, as the documentation configures them and
 * with what else they can send.
 */
@Tag("long")
class BehindProxyTests {

	private static final String REQUIRED = "proxy-protocol.mode=required";

	private static final String TRUSTED = "proxy-protocol.trusted=127.0.0.1";

	private static final byte[] MUCH = TestClient.randomBytes(3, 3_000_000);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	static List<String> waysForMany() {
		return ProxyProtocolTests.waysThatTakeIt().stream().filter((way) -> !way.equals("serial")).toList();
	}

	static String readme(String language, int port, TestListener server) throws IOException {
		return Readme.blocks("## Behind a proxy", language)
			.getFirst()
			.replace("7000", "127.0.0.1:" + port)
			.replace(":127.0.0.1", "127.0.0.1")
			.replace("10.0.0.11:8080", "127.0.0.1:" + server.port());
	}

	/**
	 * One that listens as it is said, and sends headers so.
	 */
	private Balancer haproxy(int port, String bind, String sending, TestListener server) throws Exception {
		return Balancer.haproxy(this.folder, port,
				readme("haproxy", port, server).replaceFirst("bind .*", "bind " + bind)
					.replaceFirst("send-proxy-v2 check check-send-proxy", sending));
	}

	/**
	 * Echoes much to several clients at once, each to the end, and says who they are.
	 */
	private static void assertServes(int port, TestListener server) throws Exception {
		TestClient.inParallel(4, (number) -> {
			try (TestClient client = new TestClient(port, "127.0.0." + (number + 3))) {
				assertThat(client.send(new byte[] { 1 }).receive(1)).containsExactly(1);
				assertThat(server.registry().connections()).extracting((each) -> each.endpoints().client())
					.contains((InetSocketAddress) client.socket().getLocalSocketAddress());
				Thread sender = Thread.startVirtualThread(() -> {
					try {
						client.send(MUCH).sendFin();
					}
					catch (IOException ex) {
						// Too little comes back.
					}
				});
				TestClient.assertSame(client.receiveToEnd(), MUCH);
				sender.join();
			}
		});
	}

	@ParameterizedTest
	@MethodSource("waysForMany")
	void haproxyAsInTheReadmeChecksAndIsServed(String way) throws Exception {
		int port = Balancer.freePorts(1).getFirst();
		try (TestListener server = TestListener.servedBy(way, REQUIRED, TRUSTED, "access.deny=127.0.0.1/32");
				Balancer haproxy = Balancer.haproxy(this.folder, port, readme("haproxy", port, server))) {
			long before = server.listener().totals().silent();
			await().until(() -> server.listener().totals().silent() >= before + 2);
			assertServes(port, server);
			assertThat(haproxy.output()).doesNotContain("DOWN");
			assertThat(server.registry().closedConnections()).allMatch((each) -> each.endpoints().proxied() != null);
		}
	}

	@ParameterizedTest
	@MethodSource("waysForMany")
	void nginxAsInTheReadmeIsServed(String way) throws Exception {
		int port = Balancer.freePorts(1).getFirst();
		try (TestListener server = TestListener.servedBy(way, REQUIRED, TRUSTED);
				Balancer nginx = Balancer.nginx(this.folder, port, readme("nginx", port, server))) {
			assertServes(port, server);
			assertThat(nginx.output()).doesNotContain("[error]");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "send-proxy check inter 200", "send-proxy-v2 check inter 200",
			"send-proxy-v2 proxy-v2-options crc32c,authority,unique-id check inter 200",
			"send-proxy-v2-ssl proxy-v2-options crc32c check inter 200" })
	void haproxySendsWhatItCan(String sending) throws Exception {
		int port = Balancer.freePorts(1).getFirst();
		try (TestListener server = TestListener.start(REQUIRED, TRUSTED);
				Balancer haproxy = haproxy(port, "127.0.0.1:" + port, sending, server)) {
			assertServes(port, server);
			long before = server.listener().totals().silent();
			await().until(() -> server.listener().totals().silent() >= before + 2);
			assertThat(haproxy.output()).doesNotContain("DOWN");
		}
	}

	/**
	 * To such a socket an IPv4 client is one of IPv6.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "send-proxy", "send-proxy-v2" })
	void clientOfASocketForBothProtocolsHasItsOwnAddress(String sending) throws Exception {
		Needs.file(Path.of("/proc/net/if_inet6"));
		int port = Balancer.freePorts(1).getFirst();
		try (TestListener server = TestListener.start(REQUIRED, TRUSTED);
				Balancer haproxy = haproxy(port, ":::%d v4v6".formatted(port), sending, server)) {
			assertServes(port, server);
			assertThat(haproxy.output()).doesNotContain("ALERT");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "send-proxy", "send-proxy-v2" })
	void clientOfAUnixSocketHasNoAddress(String sending) throws Exception {
		Needs.program("socat");
		Path socket = this.folder.resolve("echo.sock");
		int port = Balancer.freePorts(1).getFirst();
		try (TestListener server = TestListener.start(REQUIRED, TRUSTED);
				Balancer haproxy = haproxy(port, "127.0.0.1:%d%n  bind unix@%s".formatted(port, socket), sending,
						server)) {
			Process socat = new ProcessBuilder("socat", "-t", "10", "-", "UNIX-CONNECT:" + socket)
				.redirectErrorStream(true)
				.start();
			socat.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
			socat.getOutputStream().flush();
			assertThat(new String(socat.getInputStream().readNBytes(4), StandardCharsets.US_ASCII)).as(haproxy.output())
				.isEqualTo("ping");
			assertThat(server.connection().endpoints().proxied()).isNull();
			socat.getOutputStream().close();
			assertThat(socat.waitFor(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void haproxyTakesTheTlsAndNamesItsClient() throws Exception {
		Needs.program("openssl");
		Process openssl = new ProcessBuilder("sh", "-c",
				"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -days 2 "
						+ "-keyout key.pem -out cert.pem && cat cert.pem key.pem > both.pem")
			.directory(this.folder.toFile())
			.redirectErrorStream(true)
			.start();
		String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(openssl.waitFor()).as(said).isZero();
		int port = Balancer.freePorts(1).getFirst();
		try (TestListener server = TestListener.start(REQUIRED, TRUSTED);
				Balancer haproxy = haproxy(port,
						"127.0.0.1:%d ssl crt %s".formatted(port, this.folder.resolve("both.pem")),
						"send-proxy-v2-ssl-cn proxy-v2-options crc32c,ssl-cipher,cert-sig,cert-key,authority,unique-id",
						server);
				Socket client = trustingAll().getSocketFactory().createSocket("127.0.0.1", port)) {
			client.setSoTimeout(30_000);
			client.getOutputStream().write(1);
			assertThat(client.getInputStream().read()).as(haproxy.output()).isEqualTo(1);
			assertThat(server.connection().endpoints().proxied()).isEqualTo(client.getLocalSocketAddress());
		}
	}

	private static SSLContext trustingAll() throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
		return context;
	}

	@Test
	void curlNamesItself() throws Exception {
		Needs.program("curl");
		try (TestListener server = TestListener.start(REQUIRED, TRUSTED, "service=http", "framing=http")) {
			Process curl = new ProcessBuilder("curl", "-sS", "--haproxy-protocol", "--max-time", "10",
					"http://127.0.0.1:%d/".formatted(server.port()))
				.redirectErrorStream(true)
				.start();
			assertThat(new String(curl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).contains("hello");
			assertThat(curl.waitFor()).isZero();
			assertThat(server.closed().endpoints())
				.satisfies((ends) -> assertThat(ends.proxied()).isEqualTo(ends.peer()));
		}
	}

}
