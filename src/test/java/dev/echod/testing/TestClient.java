package dev.echod.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * A client on a plain blocking socket.
 */
public final class TestClient implements Closeable {

	private static final int TIMEOUT_MILLIS = 30_000;

	private final Socket socket = new Socket();

	public TestClient(int port) throws IOException {
		connect(port);
	}

	/**
	 * Connects from an address of this machine, such as {@code 127.0.0.2}.
	 */
	public TestClient(int port, String from) throws IOException {
		this.socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
		connect(port);
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

	public InputStream in() throws IOException {
		return this.socket.getInputStream();
	}

	public OutputStream out() throws IOException {
		return this.socket.getOutputStream();
	}

	public TestClient send(byte[] bytes) throws IOException {
		out().write(bytes);
		return this;
	}

	/**
	 * Ends our side: the peer reads all that was sent, then the end.
	 */
	public TestClient sendFin() throws IOException {
		this.socket.shutdownOutput();
		return this;
	}

	public byte[] receive(int length) throws IOException {
		return in().readNBytes(length);
	}

	/**
	 * All until the peer's FIN.
	 */
	public byte[] receiveToEnd() throws IOException {
		return in().readAllBytes();
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

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * What one of several clients does.
	 */
	@FunctionalInterface
	public interface Scenario {

		void run(int number) throws Exception;

	}

}
