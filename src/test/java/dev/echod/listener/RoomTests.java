package dev.echod.listener;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import ch.qos.logback.classic.Level;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.OpenConnection;
import dev.echod.testing.LogCapture;
import dev.echod.testing.TestClient;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A room in which some do not read, some come and go, and one that is stopped meanwhile.
 */
class RoomTests {

	private static final int KIB = 1024;

	private static final int MIB = 1024 * KIB;

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private static byte[] lines(int bytes) {
		return ascii(("x".repeat(1023) + "\n").repeat(bytes / 1024));
	}

	private static Thread inBackground(Action action) {
		return Thread.startVirtualThread(() -> {
			try {
				action.run();
			}
			catch (IOException ex) {
				// The connection has ended.
			}
		});
	}

	private static Thread readAll(TestClient client) {
		return inBackground(() -> client.in().transferTo(java.io.OutputStream.nullOutputStream()));
	}

	private static OpenConnection of(TestListener server, TestClient client) {
		int port = client.socket().getLocalPort();
		return await().pollInterval(Duration.ofMillis(5))
			.until(() -> server.registry()
				.connections()
				.stream()
				.filter((open) -> open.endpoints().peer().getPort() == port)
				.findAny()
				.orElse(null), java.util.Objects::nonNull);
	}

	/**
	 * Sends for as long as the room takes it: until more waits for one who does not read
	 * than makes the room wait for him.
	 * @return the sender's connection, from which nothing is read for now
	 */
	private static OpenConnection fill(TestListener server, TestClient sender, byte[] bytes) {
		OpenConnection connection = of(server, sender);
		inBackground(() -> sender.send(bytes));
		long[] last = { -1 };
		await().pollInterval(Duration.ofMillis(50)).until(() -> {
			long received = connection.bytesReceived();
			boolean held = received < bytes.length && received == last[0]
					&& server.registry().connections().stream().anyMatch((open) -> open.pendingBytes() > 256 * KIB);
			last[0] = received;
			return held;
		});
		return connection;
	}

	@Tag("long")
	@RepeatedTest(5)
	void memberThatJoinsWhileOthersWaitIsHeldBackToo() throws Exception {
		try (TestListener server = TestListener.start("service=broadcast", "framing=lf", "include-sender=false");
				TestClient deaf = new TestClient(server.port());
				TestClient sender = new TestClient(server.port())) {
			of(server, deaf);
			OpenConnection held = fill(server, sender, lines(64 * MIB));
			long then = held.bytesReceived();
			try (TestClient late = new TestClient(server.port())) {
				readAll(late);
				inBackground(() -> late.send(lines(2 * MIB)));
				OpenConnection joined = of(server, late);
				// As long as the others wait. Where all go on, the sender does so a
				// moment
				// later at most.
				long[] readSince = { 0 };
				await().pollInterval(Duration.ofMillis(5)).until(() -> {
					if (readSince[0] == 0 && joined.bytesReceived() > 64 * KIB) {
						readSince[0] = System.nanoTime();
					}
					boolean waiting = held.bytesReceived() == then;
					boolean tooLong = readSince[0] != 0
							&& System.nanoTime() - readSince[0] > Duration.ofMillis(300).toNanos();
					assertThat(waiting && tooLong).as("read on from who joined").isFalse();
					return !waiting;
				});
			}
		}
	}

	/**
	 * Connections go to the two event loops in turn: all who send are on the same, as are
	 * all who only read.
	 */
	@Tag("long")
	@Test
	void whatOneEventLoopPostsToTheOtherIsBounded() throws Exception {
		int pairs = 100;
		List<TestClient> clients = new ArrayList<>();
		try (TestListener server = TestListener.start("service=broadcast", "framing=lf", "include-sender=false",
				"limits.write-stall=0")) {
			List<OpenConnection> senders = new ArrayList<>();
			List<OpenConnection> readers = new ArrayList<>();
			for (int i = 0; i < 2 * pairs; i++) {
				TestClient client = new TestClient(server.port());
				clients.add(client);
				((i % 2 == 0) ? senders : readers).add(of(server, client));
				readAll(client);
			}
			byte[] posts = lines(MIB);
			for (int i = 0; i < 2 * pairs; i += 2) {
				TestClient sender = clients.get(i);
				inBackground(() -> sender.send(posts));
			}
			await().pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.during(Duration.ofSeconds(3))
				.atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> {
					// First what was sent on, then what was received: more, if anything.
					long sent = readers.getFirst().bytesSent();
					long received = senders.stream().mapToLong(OpenConnection::bytesReceived).sum();
					assertThat(received - sent).isLessThan(16L * MIB);
				});
		}
		finally {
			for (TestClient client : clients) {
				client.reset();
			}
		}
	}

	@Test
	void quietDrainWaitsForWhatAMemberThatIsHeldBackHasSent() throws Exception {
		byte[] bytes = lines(24 * MIB);
		try (TestListener server = TestListener.start("service=broadcast", "framing=lf", "include-sender=false");
				TestClient deaf = new TestClient(server.port());
				TestClient reader = new TestClient(server.port());
				TestClient sender = new TestClient(server.port())) {
			of(server, deaf);
			of(server, reader);
			CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> received(reader, bytes.length),
					Thread::startVirtualThread);
			OpenConnection held = fill(server, sender, bytes);
			held.closeIfQuiet(Duration.ZERO, CloseReason.DRAINED);
			deaf.reset();
			assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo(bytes.length);
		}
	}

	private static int received(TestClient client, int length) {
		int received = 0;
		try {
			client.socket().setSoTimeout(5_000);
			byte[] buffer = new byte[64 * KIB];
			for (int count; received < length && (count = client.in().read(buffer)) >= 0;) {
				received += count;
			}
		}
		catch (IOException ex) {
			// No more comes.
		}
		return received;
	}

	@Test
	void roomThatStopsWhileMembersComeAndGoAndPostLosesNothingOfItsOwn() throws Exception {
		try (LogCapture log = new LogCapture()) {
			for (int round = 0; round < 10; round++) {
				AtomicBoolean stopping = new AtomicBoolean();
				CompletableFuture<Void> crowd;
				ConnectionRegistry registry;
				try (TestListener server = TestListener.start("service=broadcast", "framing=lf")) {
					int port = server.port();
					registry = server.registry();
					crowd = CompletableFuture.runAsync(() -> comeAndGo(port, stopping), Thread::startVirtualThread);
					await().until(() -> server.listener().totals().messages() > 2_000);
					stopping.set(true);
				}
				crowd.get(30, TimeUnit.SECONDS);
				assertThat(registry.connections()).isEmpty();
			}
			System.gc();
			ByteBufAllocator.DEFAULT.buffer().release();
			assertThat(log.atLeast(Level.WARN)).isEmpty();
		}
	}

	private static void comeAndGo(int port, AtomicBoolean stopping) {
		try {
			TestClient.inParallel(40, (number) -> {
				byte[] post = ascii("from %d %s\n".formatted(number, "x".repeat(200)));
				try {
					while (!stopping.get()) {
						try (TestClient client = new TestClient(port)) {
							for (int i = 0; i < 10; i++) {
								client.send(post).receive(post.length);
							}
							if (number % 4 == 0) {
								client.reset();
							}
						}
					}
				}
				catch (IOException ex) {
					// Refused or closed, as the room has stopped.
				}
			});
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private interface Action {

		void run() throws IOException;

	}

}
