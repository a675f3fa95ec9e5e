package dev.echod.classic;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;

import dev.echod.admission.AccessRules;
import dev.echod.admission.Admission;
import dev.echod.admission.AdmissionLimits;
import dev.echod.connection.Arrival;
import dev.echod.connection.ByteRates;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.TcpOptions;
import dev.echod.framing.Framing;
import dev.echod.testing.TestClient;
import org.junit.jupiter.api.Test;

import org.springframework.context.Lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections that are not ready and that come while their listener stops.
 */
class SocketArrivalTests {

	private static final String LISTENER = "arrivals";

	private final AtomicReference<Runnable> beforeArrival = new AtomicReference<>(() -> {
	});

	private final ConnectionRegistry registry = new ConnectionRegistry() {

		@Override
		public void arriving(String listener, Arrival arrival) {
			SocketArrivalTests.this.beforeArrival.get().run();
			super.arriving(listener, arrival);
		}

	};

	private final ClassicSettings settings = new ClassicSettings(
			LISTENER, "127.0.0.1", 0, 10, true, TcpOptions.NONE, Framing.STREAM, 1024, () -> Duration.ZERO,
			() -> ByteRates.NONE, new Admission(LISTENER, new AccessRules(List.of(), List.of()),
					new AdmissionLimits(0, 0, 0), (address) -> false, this.registry),
			List.of(SocketArrivalTests::awaitByte), this.registry);

	private static Arrived awaitByte(Arrived arrived) throws IOException {
		arrived.input().read();
		return arrived;
	}

	private void assertEndsWhoComesWhileItStops(Lifecycle server, IntSupplier port) throws Exception {
		server.start();
		this.beforeArrival.set(server::stop);
		try (TestClient client = new TestClient(port.getAsInt())) {
			await().until(() -> this.registry.closedConnections().size() == 1);
			assertThat(this.registry.closedConnections().getFirst().reason()).isEqualTo(CloseReason.LISTENER_STOPPED);
			await().until(() -> this.registry.arrivals(LISTENER).isEmpty());
			assertThat(client.receiveToEnd()).isEmpty();
		}
	}

	@Test
	void whoComesWhileThreadsStopIsEndedToo() throws Exception {
		ThreadServerConnectionFactory threads = ThreadServerConnectionFactory.threadPerConnection(this.settings,
				Executors.newVirtualThreadPerTaskExecutor());
		assertEndsWhoComesWhileItStops(threads, threads::getPort);
	}

	@Test
	void whoComesWhileASerialListenerStopsIsEndedToo() throws Exception {
		ThreadServerConnectionFactory serial = ThreadServerConnectionFactory.serial(this.settings);
		assertEndsWhoComesWhileItStops(serial, serial::getPort);
	}

	@Test
	void whoComesWhileProcessesStopIsEndedToo() throws Exception {
		ProcessAcceptor processes = new ProcessAcceptor(this.settings, List.of("cat"), 1);
		assertEndsWhoComesWhileItStops(processes, processes.acceptor()::getPort);
	}

}
