package dev.echod.transport;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import dev.echod.testing.TestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an echo service promises, whichever way it is served.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.echod.transport.EchoServer#kinds")
class ConformanceTests {

	private static final int MIB = 1024 * 1024;

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private EchoServer.Kind kind;

	@SuppressWarnings("NullAway.Init")
	private EchoServer server;

	@BeforeEach
	void start() {
		this.server = EchoServer.start(this.kind);
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void repliesOwedAtHalfCloseAreSentBeforeOurFin() throws Exception {
		TestClient.inParallel(200, (number) -> {
			ByteArrayOutputStream sent = new ByteArrayOutputStream();
			try (TestClient client = new TestClient(this.server.port())) {
				for (int message = 0; message <= number / 2; message++) {
					byte[] bytes = TestClient.randomBytes(number * 1000L + message, 1 + message * 7);
					client.send(bytes);
					sent.writeBytes(bytes);
				}
				TestClient.assertSame(client.sendFin().receiveToEnd(), sent.toByteArray());
			}
		});
	}

	@Test
	void longStreamSentWhileReadingComesBackIdentical() throws Exception {
		byte[] bytes = TestClient.randomBytes(64, 64 * MIB);
		try (TestClient client = new TestClient(this.server.port())) {
			CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(client, bytes));
			TestClient.assertSame(client.receiveToEnd(), bytes);
			sending.join();
		}
	}

	private static void send(TestClient client, byte[] bytes) {
		try {
			client.send(bytes).sendFin();
		}
		catch (java.io.IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	@Test
	void pipelinedBytesInRandomPiecesComeBackInOrder() throws Exception {
		TestClient.inParallel(50, (number) -> {
			byte[] bytes = TestClient.randomBytes(number, 3 * MIB);
			try (TestClient client = new TestClient(this.server.port())) {
				CompletableFuture<Void> sending = CompletableFuture
					.runAsync(() -> sendInPieces(client, bytes, new Random(number)), Thread::startVirtualThread);
				TestClient.assertSame(client.receiveToEnd(), bytes);
				sending.join();
			}
		});
	}

	/**
	 * From one byte to a mebibyte, small pieces as likely as large ones.
	 */
	private static void sendInPieces(TestClient client, byte[] bytes, Random random) {
		try {
			for (int offset = 0; offset < bytes.length;) {
				int length = Math.min(bytes.length - offset, 1 + random.nextInt(1 << random.nextInt(4, 21)));
				client.out().write(bytes, offset, length);
				offset += length;
			}
			client.sendFin();
		}
		catch (java.io.IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

}
