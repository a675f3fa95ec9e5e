package dev.echod.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

import dev.echod.framing.Framing;
import dev.echod.transport.EventLoops;
import dev.echod.transport.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * A probe against peers that do and do not echo.
 */
class ProbeTests {

	private final EventLoops eventLoops = EventLoops.start(Transport.AUTO, 1);

	private final Probe probe = new Probe(this.eventLoops, new DefaultListableBeanFactory());

	@AfterEach
	void stop() {
		this.eventLoops.close();
	}

	@Test
	void eachMessageThatComesBackHasARoundTrip() throws Exception {
		String payload = "x".repeat(300_000);
		try (Peer peer = new Peer((socket) -> socket.getInputStream().transferTo(socket.getOutputStream()))) {
			ProbeResult result = this.probe
				.send(new ProbeRequest("localhost", peer.port(), payload, 4, LONG, Framing.STREAM), LONG);
			assertThat(result.bytes()).isEqualTo(300_000);
			assertThat(result.roundTrips()).hasSize(4).allSatisfy((time) -> assertThat(time).isPositive());
			assertThat(result.min()).isLessThanOrEqualTo(result.median());
			assertThat(result.median()).isLessThanOrEqualTo(result.max());
		}
	}

	private static final Duration LONG = Duration.ofSeconds(10);

	@Test
	void changedByteFails() throws Exception {
		try (Peer peer = new Peer((socket) -> {
			byte[] bytes = socket.getInputStream().readNBytes(4);
			bytes[2]++;
			socket.getOutputStream().write(bytes);
			socket.getInputStream().read();
		})) {
			assertFails(peer.port(), LONG, "reply 1 differs from what was sent at byte 3");
		}
	}

	@Test
	void replyThatEndsEarlyFails() throws Exception {
		try (Peer peer = new Peer(
				(socket) -> socket.getOutputStream().write(socket.getInputStream().readNBytes(4), 0, 3))) {
			assertFails(peer.port(), LONG, "reply 1 ended after 3 of 4 bytes");
		}
	}

	@Test
	void closedConnectionFails() throws Exception {
		try (Peer peer = new Peer((socket) -> socket.getInputStream().readNBytes(4))) {
			assertFails(peer.port(), LONG, "the connection was closed before a reply");
		}
	}

	@Test
	void silenceFailsAfterTheTimeout() throws Exception {
		try (Peer peer = new Peer((socket) -> socket.getInputStream().readAllBytes())) {
			assertFails(peer.port(), Duration.ofSeconds(1), "no reply within 1000 ms");
		}
	}

	@Test
	void withoutMessagesItOnlyConnects() throws Exception {
		try (Peer peer = new Peer((socket) -> socket.getInputStream().readAllBytes())) {
			assertThat(
					this.probe.send(new ProbeRequest("localhost", peer.port(), "ping", 0, LONG, Framing.STREAM), LONG)
						.roundTrips())
				.isEmpty();
		}
	}

	@Test
	void withoutMessagesNobodyListeningFails() throws Exception {
		int port;
		try (ServerSocket unused = new ServerSocket(0)) {
			port = unused.getLocalPort();
		}
		assertThatExceptionOfType(ProbeFailedException.class)
			.isThrownBy(
					() -> this.probe.send(new ProbeRequest("localhost", port, "ping", 0, LONG, Framing.STREAM), LONG))
			.withMessage("Connection refused");
	}

	/**
	 * Each reply comes in time, and all together do not.
	 */
	@Test
	void messagesThatTakeTooLongTogetherFail() throws Exception {
		try (Peer peer = new Peer((socket) -> socket.getInputStream().transferTo(socket.getOutputStream()))) {
			ProbeRequest request = new ProbeRequest("localhost", peer.port(), "ping", Integer.MAX_VALUE, LONG,
					Framing.STREAM);
			assertThatExceptionOfType(ProbeFailedException.class)
				.isThrownBy(() -> this.probe.send(request, Duration.ofMillis(300)))
				.withMessageMatching("\\d+ of 2147483647 messages came back within PT0.3S|no reply within \\d+ ms");
		}
	}

	private void assertFails(int port, Duration timeout, String message) {
		assertThatExceptionOfType(ProbeFailedException.class).isThrownBy(
				() -> this.probe.send(new ProbeRequest("localhost", port, "ping", 1, timeout, Framing.STREAM), LONG))
			.withMessage(message);
	}

	@Test
	void requestThatMakesNoSenseNamesWhatIsAllowed() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ProbeRequest("localhost", 0, "x", 1, LONG, Framing.STREAM))
			.withMessage("port must be from 1 to 65535, but is 0");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ProbeRequest("localhost", 1, "", 1, LONG, Framing.STREAM))
			.withMessage("payload must have from 1 to 1048576 bytes, but has 0");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ProbeRequest("localhost", 1, "x", -1, LONG, Framing.STREAM))
			.withMessage("count must be at least 0, but is -1");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ProbeRequest("localhost", 1, "x", 1, Duration.ZERO, Framing.STREAM))
			.withMessageStartingWith("timeout must be from 1 ms to 24 days");
	}

	/**
	 * Serves one connection as told, then closes it.
	 */
	private static final class Peer implements AutoCloseable {

		private final ServerSocket serverSocket = new ServerSocket(0);

		private final Thread thread;

		Peer(Conversation conversation) throws IOException {
			this.thread = Thread.startVirtualThread(() -> {
				try (Socket socket = this.serverSocket.accept()) {
					conversation.hold(socket);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
		}

		int port() {
			return this.serverSocket.getLocalPort();
		}

		@Override
		public void close() throws IOException {
			try {
				this.thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.serverSocket.close();
		}

		private interface Conversation {

			void hold(Socket socket) throws IOException;

		}

	}

}
