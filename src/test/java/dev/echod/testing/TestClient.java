package dev.echod.testing;

import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * A client on a blocking socket, plain or with TLS.
 */
public final class TestClient implements Closeable {

	private static final int TIMEOUT_MILLIS = 30_000;

	private final ObservedSocket socket = new ObservedSocket();

	/**
	 * Null when it is plain.
	 */
	private final @Nullable SSLSocket secured;

	public TestClient(int port) throws IOException {
		connect(port);
		this.secured = null;
	}

	/**
	 * Connects with TLS, and completes the handshake.
	 */
	public TestClient(int port, Tls tls) throws IOException {
		this(port, tls, new byte[0]);
	}

	/**
	 * Connects with TLS after some bytes, and completes the handshake.
	 */
	public TestClient(int port, Tls tls, byte[] before) throws IOException {
		connect(port);
		this.socket.getOutputStream().write(before);
		this.secured = (SSLSocket) tls.context()
			.getSocketFactory()
			.createSocket(this.socket, tls.serverName(), port, true);
		SSLParameters parameters = this.secured.getSSLParameters();
		parameters.setProtocols(new String[] { tls.version() });
		this.secured.setSSLParameters(parameters);
		this.secured.startHandshake();
	}

	/**
	 * Connects from an address of this machine, such as {@code 127.0.0.2}.
	 */
	public TestClient(int port, String from) throws IOException {
		this.socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
		connect(port);
		this.secured = null;
	}

	private void connect(int port) throws IOException {
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(TIMEOUT_MILLIS);
		this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
	}

	public static byte[] randomBytes(long seed, int length) {
		byte[] bytes = new byte[length];
		new Random(seed).nextBytes(bytes);
		return bytes;
	}

	/**
	 * Compares long byte arrays without printing them.
	 */
	public static void assertSame(byte[] actual, byte[] expected) {
		if (!Arrays.equals(actual, expected)) {
			throw new AssertionError("%d bytes of %d, the first difference is at %d".formatted(actual.length,
					expected.length, Arrays.mismatch(actual, expected)));
		}
	}

	/**
	 * Runs a client a number of times at once and waits for all.
	 */
	public static void inParallel(int clients, Scenario scenario) throws Exception {
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			var runs = IntStream.range(0, clients).mapToObj((number) -> executor.submit(() -> {
				scenario.run(number);
				return null;
			})).toList();
			for (Future<?> run : runs) {
				run.get();
			}
		}
	}

	public Socket socket() {
		return this.socket;
	}

	/**
	 * What was agreed on.
	 */
	public SSLSession session() {
		return Objects.requireNonNull(this.secured).getSession();
	}

	public InputStream in() throws IOException {
		return secure().getInputStream();
	}

	public OutputStream out() throws IOException {
		return secure().getOutputStream();
	}

	private Socket secure() {
		return (this.secured != null) ? this.secured : this.socket;
	}

	public TestClient send(byte[] bytes) throws IOException {
		out().write(bytes);
		return this;
	}

	/**
	 * Ends our side: the peer reads all that was sent, then the end.
	 */
	public TestClient sendFin() throws IOException {
		secure().shutdownOutput();
		return this;
	}

	/**
	 * Ends our side without a close_notify.
	 */
	public TestClient truncate() throws IOException {
		this.socket.shutdownOutput();
		return this;
	}

	public byte[] receive(int length) throws IOException {
		return in().readNBytes(length);
	}

	/**
	 * All until the peer's FIN; with TLS, until its close_notify.
	 * @throws EOFException if there is no close_notify
	 */
	public byte[] receiveToEnd() throws IOException {
		byte[] received = in().readAllBytes();
		if (this.secured != null && this.socket.ended) {
			throw new EOFException("No close_notify after %d bytes".formatted(received.length));
		}
		return received;
	}

	/**
	 * Closes with a reset instead of a FIN.
	 */
	public void reset() {
		try {
			this.socket.setSoLinger(true, 0);
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Closes in order, with TLS also that.
	 */
	@Override
	public void close() throws IOException {
		secure().close();
	}

	/**
	 * How a client secures its connection.
	 *
	 * @param version the one that it speaks, as {@code TLSv1.3}
	 * @param serverName the host name that it asks for
	 */
	public record Tls(SSLContext context, String version, String serverName) {

	}

	/**
	 * A socket of which is known whether its end was read.
	 */
	private static final class ObservedSocket extends Socket {

		private volatile boolean ended;

		@Override
		public InputStream getInputStream() throws IOException {
			return new FilterInputStream(super.getInputStream()) {

				@Override
				public int read() throws IOException {
					return noted(super.read());
				}

				@Override
				public int read(byte[] bytes, int offset, int length) throws IOException {
					return noted(super.read(bytes, offset, length));
				}

				private int noted(int read) {
					ObservedSocket.this.ended |= read < 0;
					return read;
				}

			};
		}

	}

	/**
	 * What one of several clients does.
	 */
	@FunctionalInterface
	public interface Scenario {

		void run(int number) throws Exception;

	}

}
