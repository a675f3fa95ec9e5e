package dev.echod.classic;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.echod.admission.AccessRules;
import dev.echod.admission.Admission;
import dev.echod.admission.AdmissionLimits;
import dev.echod.connection.ByteRates;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.TcpOptions;
import dev.echod.framing.Framing;
import dev.echod.gateway.ConnectionMessageMapper;
import dev.echod.testing.TestClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.messaging.MessageChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * An error on a thread that serves a connection ends it as what it is, and takes nothing
 * from the others.
 */
class FailingThreadsTests {

	private static final String LISTENER = "failing";

	private final ConnectionRegistry registry = new ConnectionRegistry();

	/**
	 * What becomes of the sockets that are accepted.
	 */
	private volatile UnaryOperator<Socket> sockets = UnaryOperator.identity();

	private final ClassicSettings settings = new ClassicSettings(LISTENER, "127.0.0.1", 0, 10, true, TcpOptions.NONE,
			Framing.STREAM, 1024, () -> Duration.ZERO, () -> ByteRates.NONE,
			new Admission(LISTENER, new AccessRules(List.of(), List.of()), new AdmissionLimits(0, 0, 0),
					(address) -> false, this.registry),
			List.of((arrived) -> new Arrived(this.sockets.apply(arrived.socket()), arrived.place(), arrived.endpoints(),
					null)),
			this.registry);

	private static Stream<Arguments> errors() {
		return Stream.of(Arguments.of(new OutOfMemoryError("as the test wants it"), CloseReason.MEMORY_SHORT),
				Arguments.of(new StackOverflowError("as the test wants it"), CloseReason.IO_ERROR));
	}

	private ThreadServerConnectionFactory threads() {
		return ThreadServerConnectionFactory.threadPerConnection(this.settings,
				Executors.newVirtualThreadPerTaskExecutor());
	}

	/**
	 * It may learn of it when it connects or sends already.
	 */
	private void assertIsReset(int port, CloseReason reason) {
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
			try (TestClient client = new TestClient(port)) {
				client.send(new byte[1]).receiveToEnd();
			}
		}).withMessageMatching(".*([Rr]eset|Broken pipe).*");
		await().until(() -> this.registry.awaitNone(LISTENER, 0));
		assertThat(this.registry.closedConnections().getFirst().reason()).isEqualTo(reason);
	}

	@ParameterizedTest
	@MethodSource("errors")
	void errorWhileAThreadReadsIsTold(Error error, CloseReason reason) throws Exception {
		ThreadServerConnectionFactory threads = threads();
		threads.start();
		this.sockets = (socket) -> new FailingSocket(socket, error, null);
		assertIsReset(threads.getPort(), reason);
		threads.stop();
	}

	@Test
	void replyOfAThreadThatThereIsNoMemoryForIsNotFollowedByAFin() throws Exception {
		ThreadServerConnectionFactory threads = threads();
		threads.setMapper(new ConnectionMessageMapper());
		threads.registerListener(
				(message) -> ((MessageChannel) Objects.requireNonNull(message.getHeaders().getReplyChannel()))
					.send(message));
		threads.start();
		this.sockets = (socket) -> new FailingSocket(socket, null, new OutOfMemoryError("as the test wants it"));
		assertIsReset(threads.getPort(), CloseReason.MEMORY_SHORT);
		threads.stop();
	}

	@ParameterizedTest
	@MethodSource("errors")
	void errorWhileAProcessIsServedKeepsNoPlace(Error error, CloseReason reason) throws Exception {
		ProcessAcceptor processes = new ProcessAcceptor(this.settings, List.of("cat"), 2);
		processes.start();
		int port = processes.acceptor().getPort();
		this.sockets = (socket) -> new FailingSocket(socket, error, null);
		assertIsReset(port, reason);
		this.sockets = (socket) -> new FailingSocket(socket, null, error);
		assertIsReset(port, reason);
		this.sockets = UnaryOperator.identity();
		await().until(() -> areBothServed(port));
		processes.stop();
	}

	private static boolean areBothServed(int port) throws IOException {
		try (TestClient client = new TestClient(port); TestClient other = new TestClient(port)) {
			return client.send(new byte[1]).receive(1).length == 1 && other.send(new byte[1]).receive(1).length == 1;
		}
		catch (SocketException ex) {
			return false;
		}
	}

	@Test
	void socketsThatCannotBeClosedInOrderKeepNoOtherOpenThatStops() throws Exception {
		ThreadServerConnectionFactory threads = threads();
		threads.start();
		this.sockets = (socket) -> new FailingSocket(socket, null, null);
		List<TestClient> clients = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			clients.add(new TestClient(threads.getPort()));
		}
		await().until(() -> this.registry.connections(LISTENER).size() == 3);
		threads.stop();
		assertThat(this.registry.connections(LISTENER)).isEmpty();
		for (TestClient client : clients) {
			assertThat(client.receiveToEnd()).isEmpty();
			client.close();
		}
	}

	/**
	 * Fails when it is told to end its output, and as it is told otherwise.
	 */
	private static final class FailingSocket extends Socket {

		private final Socket socket;

		private final @Nullable Error whenRead;

		private final @Nullable Error whenWritten;

		FailingSocket(Socket socket, @Nullable Error whenRead, @Nullable Error whenWritten) {
			this.socket = socket;
			this.whenRead = whenRead;
			this.whenWritten = whenWritten;
		}

		@Override
		public InputStream getInputStream() throws IOException {
			return new FilterInputStream(this.socket.getInputStream()) {

				@Override
				public int read(byte[] bytes, int offset, int length) throws IOException {
					int count = super.read(bytes, offset, length);
					if (FailingSocket.this.whenRead != null) {
						throw FailingSocket.this.whenRead;
					}
					return count;
				}

			};
		}

		@Override
		public OutputStream getOutputStream() throws IOException {
			if (this.whenWritten != null) {
				throw this.whenWritten;
			}
			return this.socket.getOutputStream();
		}

		@Override
		public void shutdownOutput() throws IOException {
			close();
			throw new IllegalStateException("as the test wants it");
		}

		@Override
		public void setTcpNoDelay(boolean on) throws SocketException {
			this.socket.setTcpNoDelay(on);
		}

		@Override
		public void setSoLinger(boolean on, int linger) throws SocketException {
			this.socket.setSoLinger(on, linger);
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
		}

	}

}
