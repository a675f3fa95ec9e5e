package dev.echod.listener;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections that are idle or old, in each way to serve.
 */
@Tag("long")
class TimeLimitsTests {

	private static final String WAYS = "dev.echod.listener.TestListener#waysToServe";

	static List<String> waysForMany() {
		return ListenerAdmissionTests.waysForMany();
	}

	private static TestClient served(TestListener server) throws IOException {
		TestClient client = new TestClient(server.port());
		echo(client);
		return client;
	}

	private static void echo(TestClient client) throws IOException {
		assertThat(client.send(new byte[] { 7 }).receive(1)).containsExactly(7);
	}

	/**
	 * It sends no FIN, and is not waited for.
	 */
	@ParameterizedTest
	@MethodSource(WAYS)
	void idleClientGetsAFinAndIsGoneSoon(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "limits.idle=1s"); TestClient client = served(server)) {
			assertThat(client.receiveToEnd()).isEmpty();
			await().until(() -> server.registry().connections().isEmpty());
			assertThat(server.closed()).returns(CloseReason.IDLE_TIMEOUT, ClosedConnection::reason)
				.returns(1L, ClosedConnection::bytesSent);
			assertThat(server.closed().duration()).isGreaterThan(Duration.ofSeconds(1));
		}
	}

	@ParameterizedTest
	@MethodSource("waysForMany")
	void busyClientIsNotIdle(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "limits.idle=1s");
				TestClient busy = served(server);
				TestClient idle = served(server)) {
			await().until(() -> {
				echo(busy);
				return server.registry().connections().size() == 1;
			});
			assertThat(idle.receiveToEnd()).isEmpty();
			echo(busy);
		}
	}

	@ParameterizedTest
	@MethodSource("waysForMany")
	void clientThatIsBusyGrowsOldAndLosesNoReply(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "limits.max-age=2s");
				TestClient client = new TestClient(server.port())) {
			byte[] reply;
			do {
				reply = client.send(new byte[] { 7 }).receive(1);
			}
			while (reply.length == 1);
			assertThat(server.closed().reason()).isEqualTo(CloseReason.MAX_AGE);
			assertThat(server.closed().bytesSent()).isPositive();
			// 90 % at least, and seen when it is looked for, once a second.
			assertThat(server.closed().duration()).isGreaterThan(Duration.ofMillis(1_800));
		}
	}

	@ParameterizedTest
	@MethodSource("waysForMany")
	void limitThatIsSetLaterHoldsForThoseWhoAreThere(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way); TestClient client = served(server)) {
			server.listener()
				.changeLimits((before) -> new ListenerProperties.Limits(0, 0, 0, before.readBytesPerSecond(),
						before.writeBytesPerSecond(), Duration.ofMillis(500), Duration.ZERO, before.writeStall(),
						before.handshake()));
			assertThat(client.receiveToEnd()).isEmpty();
			client.sendFin();
			assertThat(server.closed().reason()).isEqualTo(CloseReason.IDLE_TIMEOUT);
		}
	}

}
