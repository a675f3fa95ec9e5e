package dev.echod.listener;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

import dev.echod.client.Probe;
import dev.echod.client.ProbeFailedException;
import dev.echod.client.ProbeRequest;
import dev.echod.connection.CloseReason;
import dev.echod.connection.TlsDetails;
import dev.echod.framing.Framing;
import dev.echod.testing.TestCertificates;
import dev.echod.testing.TestClient;
import dev.echod.tls.ClientTls;
import dev.echod.tls.ReloadedBundles;
import dev.echod.tls.TlsFailure;
import dev.echod.transport.EventLoops;
import dev.echod.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Connections with TLS that are made to others: by a probe, and by a relay.
 */
class OutboundTlsTests {

	private static final Duration LONG = Duration.ofSeconds(10);

	private static final TestCertificates AUTHORITY = TestCertificates.authority("authority");

	private final ReloadedBundles bundles = new ReloadedBundles();

	private final EventLoops eventLoops = EventLoops.start(Transport.AUTO, 1);

	private final Probe probe = new Probe(this.eventLoops, new DefaultListableBeanFactory());

	@AfterEach
	void stop() {
		this.eventLoops.close();
	}

	private TestListener server(String... more) {
		this.bundles.registerBundle("web", TestCertificates.bundle(AUTHORITY.server("echo.example.org"), AUTHORITY));
		String[] properties = Arrays.copyOf(more, more.length + 1);
		properties[more.length] = "tls.bundle=web";
		return TestListener.start(this.bundles, properties);
	}

	/**
	 * A relay to a server here, with the bundle {@code out}.
	 */
	private TestListener relayTo(String host, TestListener upstream) {
		return TestListener.start(this.bundles, "framing=lf", "service=relay", "relay.host=" + host,
				"relay.port=" + upstream.port(), "relay.connections=1", "relay.tls.bundle=out");
	}

	private static void assertRelays(TestListener relay) throws IOException {
		try (TestClient client = new TestClient(relay.port())) {
			assertRelays(client);
		}
	}

	private static void assertRelays(TestClient client) throws IOException {
		byte[] line = "hello\n".getBytes(StandardCharsets.US_ASCII);
		assertThat(client.send(line).receive(line.length)).isEqualTo(line);
	}

	private static void assertRelaysNothing(TestListener relay, String why) throws IOException {
		int before = relay.registry().closedConnections().size();
		try (TestClient client = new TestClient(relay.port())) {
			assertThat(client.send("hello\n".getBytes(StandardCharsets.US_ASCII)).receiveToEnd()).isEmpty();
		}
		await().until(() -> relay.registry().closedConnections().size() > before);
		assertThat(relay.registry().closedConnections().getFirst().reason()).isEqualTo(CloseReason.UPSTREAM);
		assertThat(relay.listener().checkUpstream()).contains(why);
	}

	private ProbeRequest request(int port, TestCertificates trusted, @Nullable String serverName) {
		ClientTls tls = ClientTls.of(TestCertificates.trusting(trusted));
		return new ProbeRequest("127.0.0.1", port, "ping", 3, LONG, Framing.STREAM,
				new ProbeRequest.Tls(tls, serverName));
	}

	@Test
	void probeOfAServerThatIsTrustedSucceeds() {
		try (TestListener server = server()) {
			assertThat(this.probe.send(request(server.port(), AUTHORITY, null), LONG).roundTrips()).hasSize(3);
			assertThat(this.probe.send(request(server.port(), AUTHORITY, "echo.example.org"), LONG).roundTrips())
				.hasSize(3);
			await().until(() -> server.registry().closedConnections().size() == 2);
			assertThat(server.registry().closedConnections()).allSatisfy((closed) -> {
				assertThat(closed.reason()).isEqualTo(CloseReason.PEER_CLOSED);
				assertThat(closed.endpoints().tls()).extracting(TlsDetails::version).isEqualTo("TLSv1.3");
			});
		}
	}

	@Test
	void probeOfAServerThatIsNotTrustedSaysSo() {
		try (TestListener server = server()) {
			TestCertificates others = TestCertificates.authority("others");
			assertThatExceptionOfType(ProbeFailedException.class)
				.isThrownBy(() -> this.probe.send(request(server.port(), others, null), LONG))
				.withMessageContaining("unable to find valid certification path");
			await().until(() -> server.handshakes().failures(TlsFailure.REFUSED_BY_CLIENT) == 1);
		}
	}

	@Test
	void probeOfAServerWithAnotherNameSaysSo() {
		try (TestListener server = server()) {
			assertThatExceptionOfType(ProbeFailedException.class)
				.isThrownBy(() -> this.probe.send(request(server.port(), AUTHORITY, "other.example.org"), LONG))
				.withMessageContaining("other.example.org");
		}
	}

	@Test
	void probeOfAServerWithoutTlsSaysSo() {
		try (TestListener server = TestListener.start()) {
			assertThatExceptionOfType(ProbeFailedException.class)
				.isThrownBy(() -> this.probe.send(request(server.port(), AUTHORITY, null), LONG))
				.withMessageContaining("does not speak TLS");
		}
	}

	@Test
	@Timeout(20)
	void handshakeThatTakesTooLongIsEnded() throws Exception {
		try (TestListener silent = TestListener.start("service=discard")) {
			ClientTls tls = ClientTls.of(TestCertificates.trusting(AUTHORITY));
			ProbeRequest request = new ProbeRequest("127.0.0.1", silent.port(), "ping", 1, Duration.ofMillis(300),
					Framing.STREAM, new ProbeRequest.Tls(tls, null));
			assertThatExceptionOfType(ProbeFailedException.class).isThrownBy(() -> this.probe.send(request, LONG))
				.withMessageContaining("in time");
			await().until(() -> silent.registry().connections().isEmpty());
		}
	}

	@Test
	void relayForwardsToAnUpstreamWithTls() throws IOException {
		try (TestListener upstream = server("framing=lf")) {
			this.bundles.registerBundle("out", TestCertificates.trusting(AUTHORITY));
			try (TestListener relay = relayTo("127.0.0.1", upstream)) {
				assertRelays(relay);
				assertThat(upstream.connection().endpoints().tls()).isNotNull();
			}
		}
	}

	@Test
	void relayForwardsNothingToAnUpstreamWithAnotherName() throws IOException {
		try (TestListener upstream = server("framing=lf")) {
			this.bundles.registerBundle("out", TestCertificates.trusting(AUTHORITY));
			try (TestListener relay = relayTo("localhost", upstream)) {
				assertRelaysNothing(relay, "localhost");
				assertThat(upstream.listener().totals().messages()).isZero();
			}
		}
	}

	/**
	 * The connection that it has is used on.
	 */
	@Test
	void relayTrustsWhomItsBundleTrustsSinceAReload() throws IOException {
		TestCertificates others = TestCertificates.authority("others");
		try (TestListener upstream = server("framing=lf")) {
			this.bundles.registerBundle("out", TestCertificates.trusting(others));
			try (TestListener relay = relayTo("127.0.0.1", upstream)) {
				assertRelaysNothing(relay, "unable to find valid certification path");
				assertThat(upstream.listener().totals().messages()).isZero();
				this.bundles.updateBundle("out", TestCertificates.trusting(AUTHORITY));
				try (TestClient client = new TestClient(relay.port())) {
					assertRelays(client);
					this.bundles.updateBundle("out", TestCertificates.trusting(others));
					assertRelays(client);
				}
				upstream.connection().reset(CloseReason.OPERATOR_RESET);
				upstream.closed();
				assertRelaysNothing(relay, "unable to find valid certification path");
			}
		}
	}

	@Test
	void relayShowsTheCertificateThatItsBundleHas() throws IOException {
		try (TestListener upstream = server("framing=lf", "tls.client-auth=need")) {
			this.bundles.registerBundle("out", TestCertificates.bundle(AUTHORITY.client("relay"), AUTHORITY));
			try (TestListener relay = relayTo("127.0.0.1", upstream)) {
				assertRelays(relay);
				assertThat(upstream.connection().endpoints().tls()).extracting(TlsDetails::clientSubject)
					.isEqualTo("CN=relay");
				this.bundles.updateBundle("out", TestCertificates.trusting(AUTHORITY));
				upstream.connection().reset(CloseReason.OPERATOR_RESET);
				upstream.closed();
				assertRelaysNothing(relay, "upstream");
			}
		}
	}

}
