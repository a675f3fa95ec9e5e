package dev.echod;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import dev.echod.testing.Balancer;
import dev.echod.testing.EchodProcess;
import dev.echod.testing.Needs;
import dev.echod.testing.Readme;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The packaged service behind nginx and stunnel, as the documentation configures them.
 */
class BehindBalancerIT {

	private static final byte[] MUCH = TestClient.randomBytes(3, 3_000_000);

	/**
	 * Nobody listens there.
	 */
	private static final String REFUSING = "127.0.0.1:1";

	@SuppressWarnings("NullAway.Init")
	private static EchodProcess echod;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	@BeforeAll
	static void start() {
		echod = EchodProcess.service();
	}

	@AfterAll
	static void stop() {
		echod.close();
	}

	private static String configuration(String language, int port) throws IOException {
		return Readme.blocks("## Behind a balancer", language)
			.getFirst()
			.replace("7000", "127.0.0.1:" + port)
			.replace("10.0.0.11:8080", "127.0.0.1:" + echod.port())
			.replace("10.0.0.12:8080", REFUSING);
	}

	/**
	 * Sends much and then a FIN.
	 * @return what came back until the end
	 */
	private static byte[] halfClose(int port) throws Exception {
		try (TestClient client = new TestClient(port)) {
			Thread sender = Thread.startVirtualThread(() -> {
				try {
					client.send(MUCH).sendFin();
				}
				catch (IOException ex) {
					// The balancer has cut it short, as is to be seen by what came back.
				}
			});
			byte[] received = new byte[0];
			try {
				received = client.receiveToEnd();
			}
			catch (IOException ex) {
				// Cut short with a reset.
			}
			sender.join();
			return received;
		}
	}

	@Test
	void nginxReturnsAllAfterAHalfCloseWithProxyHalfCloseAndCutsItShortWithout() throws Exception {
		var ports = Balancer.freePorts(2);
		String on = configuration("nginx", ports.getFirst());
		String off = configuration("nginx", ports.getLast()).replace("proxy_half_close on;", "");
		assertThat(off).isNotEqualTo(on.replace(ports.getFirst().toString(), ports.getLast().toString()));
		try (Balancer with = Balancer.nginx(this.folder, ports.getFirst(), on);
				Balancer without = Balancer.nginx(this.folder, ports.getLast(), off)) {
			TestClient.assertSame(halfClose(ports.getFirst()), MUCH);
			assertThat(halfClose(ports.getLast()).length).as(with.output() + without.output()).isLessThan(MUCH.length);
		}
	}

	@Test
	void nginxPassesOverAServiceThatRefuses() throws Exception {
		int port = Balancer.freePorts(1).getFirst();
		String configuration = configuration("nginx", port);
		assertThat(configuration).contains(REFUSING);
		try (Balancer nginx = Balancer.nginx(this.folder, port, configuration)) {
			for (int i = 0; i < 4; i++) {
				TestClient.assertSame(halfClose(port), MUCH);
			}
			assertThat(nginx.output()).contains("Connection refused");
		}
	}

	@Test
	void stunnelTakesTheTls() throws Exception {
		Needs.program("stunnel");
		Needs.program("openssl");
		Process openssl = new ProcessBuilder("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
				"ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-days", "2", "-keyout", "key.pem",
				"-out", "cert.pem")
			.directory(this.folder.toFile())
			.redirectErrorStream(true)
			.start();
		String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(openssl.waitFor()).as(said).isZero();
		int port = Balancer.freePorts(1).getFirst();
		String configuration = configuration("ini", port).replace("/etc/stunnel/", this.folder + "/");
		Path file = Files.writeString(this.folder.resolve("stunnel.conf"), "foreground = yes\npid =\n" + configuration);
		try (Balancer stunnel = new Balancer(this.folder, port, "stunnel", file.toString());
				Socket client = trusting(this.folder.resolve("cert.pem")).getSocketFactory()
					.createSocket("127.0.0.1", port)) {
			Thread sender = Thread.startVirtualThread(() -> {
				try {
					client.getOutputStream().write(MUCH);
				}
				catch (IOException ex) {
					// Too little comes back.
				}
			});
			client.setSoTimeout(30_000);
			byte[] received = client.getInputStream().readNBytes(MUCH.length);
			sender.join();
			assertThat(received.length).as(stunnel.output()).isEqualTo(MUCH.length);
			TestClient.assertSame(received, MUCH);
		}
	}

	private static SSLContext trusting(Path certificate) throws Exception {
		KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
		trusted.load(null, null);
		try (var in = Files.newInputStream(certificate)) {
			trusted.setCertificateEntry("stunnel", CertificateFactory.getInstance("X.509").generateCertificate(in));
		}
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trusted);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return context;
	}

}
