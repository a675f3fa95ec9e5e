package dev.echod.transport;

import java.time.Duration;

import dev.echod.connection.CloseReason;
import dev.echod.connection.OpenConnection;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A client's FIN that comes while nothing is read from it.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.EchoServer#engines")
class FinTests {

	private static final int MIB = 1024 * 1024;

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private EchoServer.Kind kind;

	@Test
	void finBehindMegabytesDoesNotBringThemPastTheWaterMark() throws Exception {
		try (EchoServer server = EchoServer.start(this.kind)) {
			// All that is sent below, and the FIN, comes as far as the system.
			server.connectionFactory().setSoReceiveBufferSize(4 * MIB);
			try (TestClient client = new TestClient(server.port())) {
				finBehindMegabytes(server, client);
			}
		}
	}

	private static void finBehindMegabytes(EchoServer server, TestClient client) throws Exception {
		await().until(() -> server.registry().connections().size() == 1);
		OpenConnection connection = server.registry().connections().iterator().next();
		int before = sendUntilNothingIsRead(client, connection);
		byte[] behind = TestClient.randomBytes(2, 3 * MIB);
		client.send(behind).sendFin();
		// Nothing tells that the FIN has come; if it is followed, then at once.
		await().during(Duration.ofSeconds(1))
			.atMost(Duration.ofSeconds(15))
			.until(() -> connection.pendingBytes() < MIB);
		assertThat(client.receive(before)).hasSize(before);
		TestClient.assertSame(client.receiveToEnd(), behind);
		await().until(() -> server.registry().connections().isEmpty());
		assertThat(server.registry().closedConnections().getFirst().reason()).isEqualTo(CloseReason.PEER_CLOSED);
	}

	/**
	 * Sends little by little, until the connection waits for its client to read.
	 * @return how much was sent
	 */
	private static int sendUntilNothingIsRead(TestClient client, OpenConnection connection) throws Exception {
		byte[] piece = new byte[64 * 1024];
		int sent = 0;
		while (connection.pendingBytes() < 256 * 1024) {
			client.send(piece);
			sent += piece.length;
			int all = sent;
			await().pollInterval(Duration.ofMillis(1))
				.until(() -> connection.bytesReceived() == all || connection.pendingBytes() > 256 * 1024);
		}
		return sent;
	}

}
