package dev.echod.client.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import dev.echod.testing.TestCertificates;
import dev.echod.transport.Transport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Loads with TLS, against the JDK's own sockets.
 */
class LoadTlsTests {

	private static final TestCertificates AUTHORITY = TestCertificates.authority("ca");

	private static final String SENDING_MUCH = "--connections 10 --messages 10000 --size 100000 --depth 8 "
			+ "--tls-ca DIR/ca.crt --sni echo.test --transport ";

	@TempDir
	private static Path directory;

	@BeforeAll
	static void write() throws IOException {
		Files.writeString(directory.resolve("ca.crt"), AUTHORITY.pem());
		Files.writeString(directory.resolve("other.crt"), TestCertificates.authority("other").pem());
		TestCertificates.write(AUTHORITY.client("client"), directory);
	}

	/**
	 * Returns all, to clients with a certificate only if it is to ask for one.
	 */
	private static Peer peer(boolean askForCertificate) throws Exception {
		SSLServerSocket listening = listening();
		listening.setNeedClientAuth(askForCertificate);
		return Peer.echo(listening);
	}

	private static SSLServerSocket listening() throws Exception {
		SSLContext context = AUTHORITY.clientContext(AUTHORITY.server("echo.test"));
		return (SSLServerSocket) context.getServerSocketFactory()
			.createServerSocket(0, 100, InetAddress.getLoopbackAddress());
	}

	private static LoadResult run(Peer peer, String options) throws InterruptedException {
		return Loads.run(peer.port(), options.replace("DIR", directory.toString()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "--depth 16", "--size 1-100000 --depth 4", "--half-close --depth 100",
			"--lifetime 100ms --rate 1000" })
	void whatIsSentEncryptedComesBack(String options) throws Exception {
		try (Peer peer = peer(false)) {
			LoadResult result = run(peer,
					"--connections 3 --messages 300 --tls-ca DIR/ca.crt --sni echo.test " + options);
			assertThat(result.errors()).as("%s", result).isZero();
			assertThat(result.figures().messages()).isEqualTo(300);
		}
	}

	@Test
	void certificateIsShownToWhoAsksForOne() throws Exception {
		try (Peer peer = peer(true)) {
			LoadResult result = run(peer, "--messages 10 --tls-ca DIR/ca.crt --sni echo.test "
					+ "--tls-cert DIR/tls.crt --tls-key DIR/tls.key");
			assertThat(result.verdict()).as("%s", result).isEqualTo(Verdict.VALID);
		}
	}

	@Test
	void whatTlsDoesNotAllowIsToldFromOtherEnds() throws Exception {
		try (Peer peer = peer(false); Peer relay = new Peer((server, client) -> spoil(peer, client))) {
			LoadResult result = run(relay, "--messages 10 --tls-ca DIR/ca.crt --sni echo.test");
			assertThat(result.verdict()).isEqualTo(Verdict.TARGET_FAILED);
			assertThat(result.failures()).singleElement()
				.satisfies((failure) -> assertThat(failure.end()).isEqualTo(ConnectionEnd.TLS_FAILED));
		}
	}

	/**
	 * In TLS 1.3 that is when the client has begun to send.
	 */
	@ParameterizedTest
	@MethodSource("dev.echod.transport.Transport#available")
	void alertOfAServerThatMissesACertificateIsTold(Transport transport) throws Exception {
		try (Peer peer = peer(true)) {
			LoadResult result = run(peer, SENDING_MUCH + transport);
			assertThat(result.figures().ends(ConnectionEnd.TLS_FAILED)).as("%s", result).isEqualTo(10);
			assertThat(result.failures()).allSatisfy(
					(failure) -> assertThat(failure.what()).contains("Received fatal alert: certificate_required"));
		}
	}

	/**
	 * With bytes unread: its close_notify comes, and then the system's reset.
	 */
	@ParameterizedTest
	@MethodSource("dev.echod.transport.Transport#available")
	void serverThatClosesWhileMuchIsSentToItHasNotReset(Transport transport) throws Exception {
		try (Peer peer = new Peer(listening(), (server, socket) -> socket.getInputStream().read())) {
			LoadResult result = run(peer, SENDING_MUCH + transport);
			assertThat(result.figures().ends(ConnectionEnd.CUT_SHORT)).as("%s", result).isEqualTo(10);
		}
	}

	/**
	 * Made again after its end, and only when the load is over: it would have stayed for
	 * ever.
	 */
	@Tag("long")
	@Test
	@Timeout(60)
	void connectionThatOnlyStaysEndsAlsoWhenItIsMadeTooLate() throws Exception {
		AtomicInteger connections = new AtomicInteger();
		try (Peer peer = new Peer(listening(), (server, socket) -> {
			if (connections.incrementAndGet() == 1) {
				((SSLSocket) socket).startHandshake();
				return;
			}
			LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4));
			socket.getInputStream().read();
		})) {
			LoadResult result = run(peer,
					"--connections 0 --idle 1 --duration 3s --reconnect --tls-ca DIR/ca.crt --sni echo.test");
			assertThat(result.figures().reconnects()).as("%s", result).isOne();
			assertThat(result.figures().ends(ConnectionEnd.OURS)).as("%s", result).isOne();
		}
	}

	/**
	 * Relays until the first message has come, and goes on with what is no TLS.
	 */
	private static void spoil(Peer peer, Socket client) throws IOException, InterruptedException {
		try (Socket server = new Socket(InetAddress.getLoopbackAddress(), peer.port())) {
			Thread relay = Thread.ofVirtual().start(() -> relay(client, server));
			byte[] bytes = new byte[16 * 1024];
			while (peer.received() == 0) {
				client.getOutputStream().write(bytes, 0, server.getInputStream().read(bytes));
			}
			client.getOutputStream().write("no TLS".getBytes(StandardCharsets.US_ASCII));
			relay.join();
		}
	}

	private static void relay(Socket from, Socket to) {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
		}
		catch (IOException ex) {
			// The test is over.
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "--tls-ca DIR/other.crt --sni echo.test", "--tls-ca DIR/ca.crt --sni other.test", "--tls" })
	void serverThatIsNotTheOneThatWasAskedForIsFound(String options) throws Exception {
		try (Peer peer = peer(false)) {
			LoadResult result = run(peer, "--messages 10 " + options);
			assertThat(result.isConnected()).isFalse();
			assertThat(result.failures()).singleElement()
				.satisfies((failure) -> assertThat(failure.end()).isEqualTo(ConnectionEnd.NOT_CONNECTED));
		}
	}

	@Test
	void serverThatDoesNotSpeakTlsIsFoundInTime() throws Exception {
		try (Peer silent = new Peer((server, socket) -> socket.getInputStream().readAllBytes())) {
			LoadResult result = run(silent, "--messages 10 --tls --timeout 2s");
			assertThat(result.failures()).singleElement().satisfies((failure) -> {
				assertThat(failure.end()).isEqualTo(ConnectionEnd.NOT_CONNECTED);
				assertThat(failure.what()).contains("not set up in time");
			});
		}
	}

}
