package dev.echod.listener;

import java.io.IOException;
import java.time.Duration;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.EndSignal;
import dev.echod.testing.FarMachine;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Peers whose packets come no more, in each way to serve.
 */
@Tag("long")
@EnabledOnOs(OS.LINUX)
class VanishedPeerTests {

	private static final String[] SOON = { "keep-alive.idle=1s", "keep-alive.interval=1s", "keep-alive.count=2" };

	/**
	 * Once what it was sent before is acknowledged.
	 */
	private static Process served(FarMachine machine, TestListener server) throws Exception {
		Process client = machine.connect(server.port());
		client.getOutputStream().write(7);
		client.getOutputStream().flush();
		assertThat(client.getInputStream().read()).isEqualTo(7);
		return client;
	}

	private static void assertVanished(ClosedConnection closed) {
		assertThat(closed.reason()).isEqualTo(CloseReason.PEER_VANISHED);
		assertThat(closed.firstSignal()).isEqualTo(EndSignal.PEER_SILENT);
		assertThat(closed.duration()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8));
	}

	@ParameterizedTest
	@MethodSource("dev.echod.listener.TestListener#waysToServe")
	void whoVanishesWhileIdleIsNoticed(String way) throws Exception {
		try (FarMachine machine = FarMachine.start(); TestListener server = TestListener.servedBy(way, SOON)) {
			served(machine, server);
			machine.vanish();
			assertVanished(server.closed());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "io-uring", "epoll" })
	void whoVanishesBeforeItHasWhatItWasSentIsNoticed(String transport) throws Exception {
		try (FarMachine machine = FarMachine.start();
				TestListener server = TestListener.servedBy(transport, "service=broadcast", "user-timeout=3s");
				TestClient near = new TestClient(server.port())) {
			served(machine, server);
			assertThat(near.receive(1)).containsExactly(7);
			machine.vanish();
			near.send(new byte[] { 8 });
			await().until(() -> server.registry().connections().size() == 1);
			assertVanished(server.registry().closedConnections().getFirst());
		}
	}

	/**
	 * Its window is full, and much waits for it here.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "io-uring", "epoll" })
	void whoVanishesWhileMuchWaitsForItIsNoticed(String transport) throws Exception {
		try (FarMachine machine = FarMachine.start();
				TestListener server = TestListener.servedBy(transport, "user-timeout=3s")) {
			Process client = machine.connectDeaf(server.port());
			Thread sender = Thread.startVirtualThread(() -> sendMuch(client));
			await().until(() -> server.connection().pendingBytes() > 64 * 1024);
			machine.vanish();
			assertVanished(server.closed());
			client.destroyForcibly();
			assertThat(sender.join(Duration.ofSeconds(10))).isTrue();
		}
	}

	private static void sendMuch(Process client) {
		try {
			client.getOutputStream().write(new byte[64 * 1024 * 1024]);
		}
		catch (IOException ex) {
			// It was ended meanwhile.
		}
	}

}
