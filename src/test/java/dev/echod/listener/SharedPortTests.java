package dev.echod.listener;

import java.util.ArrayList;
import java.util.List;

import dev.echod.testing.TestClient;
import dev.echod.transport.Transport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Several listen on one port, and the system spreads the clients over them.
 */
@EnabledOnOs(OS.LINUX)
class SharedPortTests {

	/**
	 * That all of so many come to the same of two is as likely as one in 2^39.
	 */
	private static final int CLIENTS = 40;

	private static TestListener another(TestListener server, Transport transport) {
		return TestListener.on(transport, "reuse-port=true", "port=" + server.port());
	}

	private static void connect(TestListener server, List<TestClient> clients) throws Exception {
		for (int i = 0; i < CLIENTS; i++) {
			TestClient client = new TestClient(server.port());
			clients.add(client);
			assertThat(client.send(new byte[] { 7 }).receive(1)).containsExactly(7);
		}
	}

	private static void close(List<TestClient> clients) throws Exception {
		for (TestClient client : clients) {
			client.close();
		}
	}

	@Tag("long")
	@ParameterizedTest
	@EnumSource(names = { "IO_URING", "EPOLL" })
	void clientsAreSpread(Transport transport) throws Exception {
		List<TestClient> clients = new ArrayList<>();
		try (TestListener server = TestListener.on(transport, "reuse-port=true");
				TestListener other = another(server, transport)) {
			connect(server, clients);
			assertThat(server.registry().connections()).isNotEmpty();
			assertThat(other.registry().connections()).isNotEmpty();
			assertThat(server.registry().connections().size() + other.registry().connections().size())
				.isEqualTo(CLIENTS);
		}
		finally {
			close(clients);
		}
	}

	@Tag("long")
	@ParameterizedTest
	@EnumSource(names = { "IO_URING", "EPOLL" })
	void clientsOfOneAreLeftAloneWhenAnotherStops(Transport transport) throws Exception {
		List<TestClient> clients = new ArrayList<>();
		try (TestListener server = TestListener.on(transport, "reuse-port=true")) {
			try (TestListener other = another(server, transport)) {
				server.listener().pause();
				connect(other, clients);
				server.listener().resume();
				other.listener().pause();
				connect(server, clients);
				assertThat(other.registry().connections()).hasSize(CLIENTS);
			}
			assertThat(server.registry().connections()).hasSize(CLIENTS);
			for (TestClient client : clients.subList(CLIENTS, 2 * CLIENTS)) {
				assertThat(client.send(new byte[] { 8 }).receive(1)).containsExactly(8);
			}
		}
		finally {
			close(clients);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "IO_URING", "EPOLL" })
	void whoDoesNotShareKeepsThePortForItself(Transport transport) {
		try (TestListener server = TestListener.on(transport)) {
			assertThatExceptionOfType(ListenerBindException.class).isThrownBy(() -> another(server, transport).close());
		}
		try (TestListener server = TestListener.on(transport, "reuse-port=true")) {
			assertThatExceptionOfType(ListenerBindException.class)
				.isThrownBy(() -> TestListener.on(transport, "port=" + server.port()).close());
		}
	}

}
