package dev.echod.listener;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import dev.echod.connection.CloseReason;
import dev.echod.connection.OpenConnection;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * That a process ends soon after its client has left, whatever it makes of the end of its
 * input, and not before.
 */
@Tag("long")
class ProcessEndTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private static final String DEAF = "echo up; exec sleep 1000";

	private static final String DEAF_TO_TERM = "trap '' TERM; echo up; exec sleep 1000";

	private List<ProcessHandle> processes = List.of();

	@AfterEach
	void noProcessIsLeft() {
		this.processes.forEach(ProcessHandle::destroyForcibly);
	}

	private static TestListener running(String script) {
		return TestListener.start("concurrency=process", "command=sh,-c," + script);
	}

	/**
	 * Connects, and waits until the process runs.
	 */
	private TestClient connect(TestListener server) throws IOException {
		List<ProcessHandle> others = children();
		TestClient client = new TestClient(server.port());
		assertThat(client.receive(3)).isEqualTo("up\n".getBytes(StandardCharsets.US_ASCII));
		this.processes = children().stream().filter((process) -> !others.contains(process)).toList();
		assertThat(this.processes).hasSize(1);
		return client;
	}

	private static List<ProcessHandle> children() {
		return ProcessHandle.current().children().toList();
	}

	private void awaitEnd(TestListener server) {
		await().atMost(SOON).until(() -> this.processes.stream().noneMatch(ProcessHandle::isAlive));
		await().until(() -> server.registry().connections().isEmpty());
	}

	@ParameterizedTest
	@ValueSource(strings = { DEAF, DEAF_TO_TERM })
	void processThatIgnoresTheEndOfItsInputEndsAfterItsClientLeft(String script) throws Exception {
		try (TestListener server = running(script)) {
			connect(server).close();
			awaitEnd(server);
		}
	}

	@ParameterizedTest
	@CsvSource({ "false, " + DEAF, "true, " + DEAF, "false, " + DEAF_TO_TERM, "true, " + DEAF_TO_TERM })
	void clientThatLeavesWhileItsProcessDoesNotReadIsNoticed(boolean reset, String script) throws Exception {
		try (TestListener server = running(script)) {
			TestClient client = connect(server);
			OpenConnection connection = server.connection();
			// More than the pipe takes, and less than the sockets do.
			client.send(new byte[160 * 1024]);
			await().until(() -> connection.bytesReceived() >= 64 * 1024);
			if (reset) {
				client.reset();
			}
			else {
				client.close();
			}
			awaitEnd(server);
			assertThat(server.closed().reason()).isIn(CloseReason.PEER_CLOSED, CloseReason.PEER_RESET);
		}
	}

	/**
	 * With so much on the way that the sockets are full of it.
	 */
	@ParameterizedTest
	@ValueSource(strings = { DEAF, DEAF_TO_TERM })
	void clientThatLeavesBehindMoreThanItsProcessTakesIsNoticed(String script) throws Exception {
		try (TestListener server = TestListener.start("concurrency=process", "command=sh,-c," + script,
				"limits.write-stall=0")) {
			TestClient client = connect(server);
			OpenConnection connection = server.connection();
			Thread sender = sendAll(client, 1024 * 1024);
			// All that is kept for the process, and nothing more.
			await().until(() -> connection.bytesReceived() > 256 * 1024
					&& connection.idleFor().compareTo(Duration.ofMillis(500)) > 0);
			client.close();
			sender.join();
			awaitEnd(server);
			assertThat(server.closed().reason()).isEqualTo(CloseReason.SERVICE_FAILED);
		}
	}

	private static Thread sendAll(TestClient client, int length) {
		return Thread.startVirtualThread(() -> {
			try {
				client.send(new byte[length]);
			}
			catch (IOException ex) {
				// It has left.
			}
		});
	}

	@Test
	void processWhoseClientDoesNotReadIsNotSilent() throws Exception {
		int length = 16 * 1024 * 1024;
		try (TestListener server = running("echo up; exec cat"); TestClient client = connect(server)) {
			OpenConnection connection = server.connection();
			Thread sender = sendAll(client, length);
			await().atMost(SOON)
				.until(() -> connection.pendingBytes() > 0
						&& connection.idleFor().compareTo(Duration.ofSeconds(8)) > 0);
			assertThat(client.receive(length)).hasSize(length);
			sender.join();
		}
	}

	@Test
	void processThatIsDoneLaterThanItsInputIsWaitedFor() throws Exception {
		try (TestListener server = running("echo up; cat >/dev/null; sleep 2; echo done");
				TestClient client = connect(server)) {
			assertThat(client.send(new byte[100_000]).sendFin().receiveToEnd())
				.isEqualTo("done\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(server.closed().reason()).isEqualTo(CloseReason.PEER_CLOSED);
		}
	}

	@Test
	void processIsAskedToEndBeforeItIsMadeTo() throws Exception {
		try (TestListener server = running("trap 'echo asked; exit' TERM; echo up; while :; do sleep 0.1; done");
				TestClient client = connect(server)) {
			assertThat(client.sendFin().receiveToEnd()).isEqualTo("asked\n".getBytes(StandardCharsets.US_ASCII));
			awaitEnd(server);
		}
	}

	@Test
	void clientOfADrainedProcessIsWaitedFor() throws Exception {
		try (TestListener server = TestListener.start("concurrency=process", "command=cat");
				TestClient client = new TestClient(server.port())) {
			client.send(new byte[] { 1 }).receive(1);
			server.connection().closeIfQuiet(Duration.ZERO, CloseReason.DRAINED);
			assertThat(client.receiveToEnd()).isEmpty();
			await().during(Duration.ofSeconds(12))
				.atMost(Duration.ofSeconds(15))
				.until(() -> server.registry().connections().size() == 1);
			client.send(new byte[] { 2 }).sendFin();
			assertThat(server.closed().reason()).isEqualTo(CloseReason.DRAINED);
		}
	}

}
