package dev.echod.transport;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import ch.qos.logback.classic.Level;
import dev.echod.connection.ConnectionTotals;
import dev.echod.connection.OpenConnection;
import dev.echod.connection.RefusalReason;
import dev.echod.testing.LogCapture;
import dev.echod.testing.TestClient;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the engine promises besides: that no client harms it or another client, and that
 * nothing is left of those that are gone.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.EchoServer#engines")
class EngineTests {

	private static final int KIB = 1024;

	private static final int MIB = 1024 * KIB;

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private EchoServer.Kind kind;

	@SuppressWarnings("NullAway.Init")
	private LogCapture log;

	@SuppressWarnings("NullAway.Init")
	private EchoServer server;

	@BeforeEach
	void start() {
		this.log = new LogCapture();
		this.server = EchoServer.start(this.kind);
	}

	@AfterEach
	void nothingIsLeftOrLogged() {
		try (LogCapture captured = this.log) {
			await().untilAsserted(() -> assertThat(openConnections()).isEmpty());
			this.server.close();
			// Leaks are found when the garbage collector met them.
			System.gc();
			ByteBufAllocator.DEFAULT.buffer().release();
			assertThat(captured.atLeast(Level.WARN)).isEmpty();
		}
	}

	private Collection<OpenConnection> openConnections() {
		return this.server.registry().connections();
	}

	@Tag("long")
	@Test
	void clientsThatNeverReadHarmNobodyAndLoseNothing() throws Exception {
		int slowClients = 20;
		Duration before = medianRoundTrip();
		long memoryBefore = usedDirectMemory();
		List<SlowClient> slow = new ArrayList<>();
		for (int i = 0; i < slowClients; i++) {
			slow.add(new SlowClient(this.server.port()));
		}
		slow.forEach(SlowClient::sendUntilNobodyReads);

		assertThat(openConnections()).hasSize(slowClients)
			.allSatisfy((connection) -> assertThat(connection.pendingBytes()).isLessThan(512L * KIB));
		assertThat(usedDirectMemory() - memoryBefore).isLessThan(48L * MIB);
		assertThat(medianRoundTrip()).isLessThan(before.multipliedBy(10).plusMillis(5));

		for (SlowClient client : slow) {
			client.receiveAllThatWasSent();
		}
	}

	private static long usedDirectMemory() {
		return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
	}

	private Duration medianRoundTrip() throws Exception {
		Collection<Duration> roundTrips = new ConcurrentLinkedQueue<>();
		TestClient.inParallel(50, (number) -> {
			try (TestClient client = new TestClient(this.server.port())) {
				byte[] message = TestClient.randomBytes(number, 64);
				for (int i = 0; i < 100; i++) {
					long start = System.nanoTime();
					assertThat(client.send(message).receive(message.length)).isEqualTo(message);
					roundTrips.add(Duration.ofNanos(System.nanoTime() - start));
				}
			}
		});
		return roundTrips.stream().sorted().toList().get(roundTrips.size() / 2);
	}

	@Test
	void resetInTheMiddleOfATransferLeavesNothing() throws Exception {
		byte[] bytes = TestClient.randomBytes(1, 256 * KIB);
		TestClient.inParallel(200, (number) -> {
			try (TestClient client = new TestClient(this.server.port())) {
				client.send(bytes).receive(1 + number * KIB / 2);
				client.reset();
			}
		});
	}

	@Test
	void connectAndCloseAtOnceLeavesNothing() throws Exception {
		for (int i = 0; i < 20_000; i++) {
			TestClient client = new TestClient(this.server.port());
			if (i % 2 == 0) {
				client.close();
			}
			else {
				client.reset();
			}
		}
	}

	@Test
	void twoThousandConnectionsAtATimeAreServed() throws Exception {
		for (int round = 0; round < 3; round++) {
			TestClient.inParallel(2_000, (number) -> {
				byte[] message = TestClient.randomBytes(number, 100);
				try (TestClient client = new TestClient(this.server.port())) {
					assertThat(client.send(message).receive(message.length)).isEqualTo(message);
				}
			});
		}
	}

	@Test
	void stoppedServerRefusesAndServesAgainOnItsPortAtOnce() throws Exception {
		int port = this.server.port();
		assertThat(port).isPositive();
		for (int i = 0; i < 5; i++) {
			try (TestClient client = new TestClient(port)) {
				assertThat(client.send(new byte[] { 1, 2, 3 }).receive(3)).containsExactly(1, 2, 3);
				CompletableFuture<Void> stopped = CompletableFuture.runAsync(this.server.gateway()::stop);
				assertThat(client.receiveToEnd()).isEmpty();
				client.sendFin();
				stopped.join();
			}
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new TestClient(port));
			this.server.connectionFactory().setPort(port);
			this.server.gateway().start();
		}
	}

	@Test
	void stopSendsWhatIsOwed() throws Exception {
		byte[] bytes = TestClient.randomBytes(7, 128 * KIB);
		try (TestClient client = new TestClient(this.server.port())) {
			client.send(bytes);
			await().until(() -> openConnections().stream().anyMatch((c) -> c.bytesReceived() == bytes.length));
			CompletableFuture<Void> stopped = CompletableFuture.runAsync(this.server.gateway()::stop);
			TestClient.assertSame(client.receiveToEnd(), bytes);
			client.sendFin();
			stopped.join();
		}
	}

	@Test
	void clientThatComesBeforeTheStopIsCountedAsRefused() throws Exception {
		try (TestClient served = new TestClient(this.server.port())) {
			served.send(new byte[] { 1 }).receive(1);
			((NettyServerConnectionFactory) this.server.connectionFactory()).beforeShutdown();
			for (int i = 0; i < 3; i++) {
				try (TestClient refused = new TestClient(this.server.port())) {
					assertThat(refused.receiveToEnd()).isEmpty();
				}
			}
			assertThat(served.send(new byte[] { 2 }).receive(1)).containsExactly(2);
			assertThat(this.server.registry().refusals("echo", RefusalReason.STOPPING)).isEqualTo(3);
			assertThat(this.server.registry().totals("echo")).returns(3L, ConnectionTotals::refused)
				.returns(1L, ConnectionTotals::opened);
		}
	}

	/**
	 * Sends what the kernel and the service take, and reads only when told to.
	 */
	private static final class SlowClient {

		private final SocketChannel channel;

		private long sent;

		SlowClient(int port) throws Exception {
			this.channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			this.channel.configureBlocking(false);
		}

		void sendUntilNobodyReads() {
			await().during(Duration.ofMillis(200)).until(() -> send() == 0);
		}

		private long send() throws Exception {
			long before = this.sent;
			ByteBuffer bytes = ByteBuffer.allocate(64 * KIB);
			int written;
			do {
				bytes.clear();
				for (int i = 0; i < bytes.capacity(); i++) {
					bytes.put((byte) ((this.sent + i) % 251));
				}
				bytes.flip();
				written = this.channel.write(bytes);
				this.sent += written;
			}
			while (written > 0);
			return this.sent - before;
		}

		void receiveAllThatWasSent() throws Exception {
			this.channel.shutdownOutput();
			this.channel.configureBlocking(true);
			ByteBuffer bytes = ByteBuffer.allocate(256 * KIB);
			long received = 0;
			while (this.channel.read(bytes.clear()) >= 0) {
				for (int i = 0; i < bytes.position(); i++) {
					if (bytes.get(i) != (byte) ((received + i) % 251)) {
						throw new AssertionError("byte %d differs".formatted(received + i));
					}
				}
				received += bytes.position();
			}
			assertThat(received).isEqualTo(this.sent);
			this.channel.close();
		}

	}

}
