package dev.echod.listener;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;

import ch.qos.logback.classic.Level;
import dev.echod.connection.CloseReason;
import dev.echod.connection.OpenConnection;
import dev.echod.connection.RefusalReason;
import dev.echod.testing.LogCapture;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.util.unit.DataSize;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Who may come in, in each way to serve.
 */
@Tag("long")
class ListenerAdmissionTests {

	private static final String WAYS = "dev.echod.listener.TestListener#waysToServe";

	/**
	 * Where several are served at a time.
	 */
	static List<String> waysForMany() {
		return TestListener.waysToServe().stream().filter((way) -> !way.equals("serial")).toList();
	}

	private static TestClient served(TestListener server, String from) throws IOException {
		TestClient client = new TestClient(server.port(), from);
		assertThat(client.send(new byte[] { 7 }).receive(1)).containsExactly(7);
		return client;
	}

	/**
	 * Waits until a client is let in.
	 */
	private static TestClient awaitServed(TestListener server, String from) {
		return requireNonNull(await().until(() -> {
			try {
				return served(server, from);
			}
			catch (SocketException ex) {
				return null;
			}
		}, Objects::nonNull));
	}

	/**
	 * It may learn of it when it connects already.
	 */
	private static void assertReset(TestListener server, String from) {
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
			try (TestClient client = new TestClient(server.port(), from)) {
				client.receiveToEnd();
			}
		}).withMessageContaining("reset");
	}

	private static long refusals(TestListener server, RefusalReason reason) {
		return server.registry().refusals("test", reason);
	}

	private static ListenerProperties.Limits limits(int connections, int connectionsPerAddress, int acceptsPerSecond) {
		return new ListenerProperties.Limits(connections, connectionsPerAddress, acceptsPerSecond, DataSize.ofBytes(0),
				DataSize.ofBytes(0), Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1), Duration.ofSeconds(10));
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	void deniedClientIsResetAndCountedAndTheOthersAreServed(String way) throws Exception {
		try (LogCapture log = new LogCapture();
				TestListener server = TestListener.servedBy(way, "access.deny=127.0.0.0/30",
						"access.allow=127.0.0.1,127.0.0.7")) {
			for (int i = 0; i < 3; i++) {
				assertReset(server, "127.0.0.2");
			}
			assertReset(server, "127.0.0.9");
			served(server, "127.0.0.1").close();
			served(server, "127.0.0.7").close();
			assertThat(refusals(server, RefusalReason.ACCESS_DENIED)).isEqualTo(4);
			assertThat(server.listener().totals().opened()).isEqualTo(2);
			assertThat(log.atLeast(Level.WARN)).filteredOn((line) -> line.contains("'test' refused"))
				.first()
				.asString()
				.endsWith("refused clients, ACCESS_DENIED: 1 since this was told last, the latest from 127.0.0.2");
		}
	}

	@ParameterizedTest
	@MethodSource("waysForMany")
	void thirdIsResetWhereTwoMayBeOpenAndServedWhenOneHasLeft(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "limits.connections=2");
				TestClient first = served(server, "127.0.0.1");
				TestClient second = served(server, "127.0.0.2")) {
			assertReset(server, "127.0.0.3");
			assertThat(refusals(server, RefusalReason.CONNECTION_LIMIT)).isEqualTo(1);
			close(first);
			awaitServed(server, "127.0.0.3").close();
			assertThat(second.send(new byte[] { 2 }).receive(1)).containsExactly(2);
		}
	}

	@ParameterizedTest
	@MethodSource("waysForMany")
	void eachAddressHasItsOwnLimit(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "limits.connections-per-address=1");
				TestClient first = served(server, "127.0.0.1");
				TestClient second = served(server, "127.0.0.2")) {
			assertReset(server, "127.0.0.1");
			assertReset(server, "127.0.0.2");
			assertThat(refusals(server, RefusalReason.ADDRESS_LIMIT)).isEqualTo(2);
			close(first);
			awaitServed(server, "127.0.0.1").close();
			assertReset(server, "127.0.0.2");
			assertThat(second.send(new byte[] { 2 }).receive(1)).containsExactly(2);
		}
	}

	private static List<BiConsumer<TestClient, OpenConnection>> ends() {
		return List.of((client, connection) -> close(client), (client, connection) -> client.reset(),
				(client, connection) -> connection.close(CloseReason.OPERATOR_CLOSED),
				(client, connection) -> connection.reset(CloseReason.OPERATOR_RESET), (client, connection) -> {
					connection.closeIfQuiet(Duration.ZERO, CloseReason.DRAINED);
					close(client);
				});
	}

	private static void close(TestClient client) {
		try {
			client.sendFin();
			client.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@ParameterizedTest
	@MethodSource(WAYS)
	void placeIsGivenBackHoweverAConnectionEnds(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "limits.connections=1")) {
			for (BiConsumer<TestClient, OpenConnection> end : ends()) {
				try (TestClient client = awaitServed(server, "127.0.0.1")) {
					end.accept(client, server.connection());
					await().until(() -> server.registry().connections().isEmpty());
				}
			}
			awaitServed(server, "127.0.0.1").close();
		}
	}

	@Test
	void placeIsGivenBackWhenAProcessCannotBeStarted(@TempDir Path folder) throws Exception {
		Path program = Files.writeString(folder.resolve("program"), "#!/bin/sh\nexec cat\n");
		assertThat(program.toFile().setExecutable(true)).isTrue();
		try (TestListener server = TestListener.servedBy("process", "command=" + program, "limits.connections=1")) {
			Files.delete(program);
			for (int i = 0; i < 3; i++) {
				try (TestClient client = new TestClient(server.port())) {
					assertThat(client.receiveToEnd()).isEmpty();
				}
			}
			assertThat(refusals(server, RefusalReason.CONNECTION_LIMIT)).isZero();
		}
	}

	@Test
	void placeIsGivenBackWhenTooManyProcessesRun() throws Exception {
		try (TestListener server = TestListener.servedBy("process", "processes=1", "limits.connections=2");
				TestClient first = served(server, "127.0.0.1")) {
			for (int i = 0; i < 3; i++) {
				try (TestClient client = new TestClient(server.port())) {
					assertThat(client.receiveToEnd()).isEmpty();
				}
			}
			assertThat(refusals(server, RefusalReason.PROCESS_LIMIT)).isEqualTo(3);
			assertThat(refusals(server, RefusalReason.CONNECTION_LIMIT)).isZero();
			assertThat(first.send(new byte[] { 2 }).receive(1)).containsExactly(2);
		}
	}

	/**
	 * Within a second no more than 2 + 20 may come, and 16 that the system gave at once.
	 */
	@ParameterizedTest
	@MethodSource(WAYS)
	void clientsThatComeTooFastWaitAndAreServedInTheEnd(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "limits.accepts-per-second=20")) {
			long start = System.nanoTime();
			TestClient.inParallel(40, (number) -> served(server, "127.0.0.1").close());
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
			assertThat(server.listener().totals()).returns(40L, (totals) -> totals.opened())
				.returns(0L, (totals) -> totals.refused());
		}
	}

	/**
	 * Without the change the last would wait for more than twenty seconds.
	 */
	@ParameterizedTest
	@MethodSource("waysForMany")
	void whoWaitsIsServedWhenTheRateIsTakenAway(String way) throws Exception {
		List<TestClient> clients = new ArrayList<>();
		try (TestListener server = TestListener.servedBy(way, "limits.accepts-per-second=1")) {
			for (int i = 0; i < 40; i++) {
				clients.add(new TestClient(server.port()).send(new byte[] { 7 }));
			}
			server.listener().changeLimits((before) -> limits(0, 0, 0));
			await().atMost(Duration.ofSeconds(15)).until(() -> server.listener().totals().opened() == 40);
			for (TestClient client : clients) {
				assertThat(client.receive(1)).containsExactly(7);
			}
		}
		finally {
			for (TestClient client : clients) {
				client.close();
			}
		}
	}

	@ParameterizedTest
	@MethodSource("waysForMany")
	void limitsThatChangeHoldForThoseWhoComeNext(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way);
				TestClient first = served(server, "127.0.0.1");
				TestClient second = served(server, "127.0.0.1")) {
			server.listener().changeLimits((before) -> limits(1, 0, 0));
			assertReset(server, "127.0.0.1");
			server.listener().changeLimits((before) -> limits(0, 2, 0));
			assertReset(server, "127.0.0.1");
			served(server, "127.0.0.2").close();
			server.listener().changeLimits((before) -> limits(0, 0, 0));
			served(server, "127.0.0.1").close();
			assertThat(first.send(new byte[] { 1 }).receive(1)).containsExactly(1);
			assertThat(second.send(new byte[] { 2 }).receive(1)).containsExactly(2);
		}
	}

	/**
	 * The next may come after a second, and then after some more for each that came
	 * together with another.
	 */
	@ParameterizedTest
	@MethodSource(WAYS)
	void listenerThatWaitsIsPausedAndResumed(String way) throws Exception {
		try (TestListener server = TestListener.servedBy(way, "limits.accepts-per-second=1")) {
			served(server, "127.0.0.1").close();
			server.listener().pause();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new TestClient(server.port()));
			server.listener().resume();
			served(server, "127.0.0.1").close();
			assertThat(server.listener().state()).isEqualTo(ListenerState.ACCEPTING);
		}
	}

	@Test
	void stopDoesNotWaitForTheRate() throws Exception {
		for (String way : TestListener.waysToServe()) {
			TestListener server = TestListener.servedBy(way, "limits.accepts-per-second=1");
			for (int i = 0; i < 20; i++) {
				new TestClient(server.port()).close();
			}
			long start = System.nanoTime();
			server.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).as(way).isLessThan(Duration.ofSeconds(10));
		}
	}

}
