package dev.echod.training;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import javax.net.SocketFactory;

/**
 * Clients of the service, each on a thread and a socket of the JDK: what they do is not
 * to be taken for what the event loops do.
 */
final class Clients {

	private static final int TIMEOUT_MILLIS = 30_000;

	private final SocketFactory sockets;

	Clients(SocketFactory sockets) {
		this.sockets = sockets;
	}

	/**
	 * Has some clients send one message after the other.
	 */
	void talk(int port, int clients, Dialog dialog, Duration time) throws IOException {
		long end = System.nanoTime() + time.toNanos();
		inParallel(clients, () -> {
			try (Socket socket = connect(port)) {
				dialog.begin(socket);
				while (end - System.nanoTime() > 0) {
					dialog.exchange(socket);
				}
				socket.shutdownOutput();
				awaitEnd(socket);
			}
			return null;
		});
	}

	/**
	 * A TLS socket that was told of the end before it is read from has failed.
	 */
	private static void awaitEnd(Socket socket) {
		try {
			socket.getInputStream().readAllBytes();
		}
		catch (IOException ex) {
			// It has ended.
		}
	}

	/**
	 * Has many come at once, each with a message, and reset their connections.
	 */
	void storm(int port, int clients, Dialog dialog) throws IOException {
		inParallel(clients, () -> {
			try (Socket socket = connect(port)) {
				dialog.begin(socket);
				dialog.exchange(socket);
				socket.setSoLinger(true, 0);
			}
			return null;
		});
	}

	/**
	 * Connects some, who say nothing, and go when the service does not want them.
	 * @return where they are; closing it waits until all have gone
	 */
	ExecutorService crowd(int port, int clients) throws IOException {
		ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
		for (int i = 0; i < clients; i++) {
			Socket socket = connect(port);
			threads.submit(() -> {
				try (socket) {
					return socket.getInputStream().readAllBytes();
				}
			});
		}
		return threads;
	}

	private Socket connect(int port) throws IOException {
		Socket socket = this.sockets.createSocket("127.0.0.1", port);
		socket.setSoTimeout(TIMEOUT_MILLIS);
		socket.setTcpNoDelay(true);
		return socket;
	}

	private static void inParallel(int times, Callable<Void> task) throws IOException {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (Future<Void> done : threads.invokeAll(Collections.nCopies(times, task))) {
				done.get();
			}
		}
		catch (ExecutionException ex) {
			throw new IOException(String.valueOf(ex.getCause()), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("interrupted", ex);
		}
	}

	/**
	 * What a client says, and how much comes back.
	 *
	 * @param greeting what it begins with
	 * @param message what it sends
	 * @param replyBytes how many bytes come back for each, at least
	 */
	record Dialog(String greeting, String message, int replyBytes) {

		static Dialog echoOf(String message) {
			return new Dialog("", message, message.length());
		}

		void begin(Socket socket) throws IOException {
			socket.getOutputStream().write(this.greeting.getBytes(StandardCharsets.ISO_8859_1));
		}

		void exchange(Socket socket) throws IOException {
			socket.getOutputStream().write(this.message.getBytes(StandardCharsets.ISO_8859_1));
			InputStream input = socket.getInputStream();
			byte[] reply = new byte[64 * 1024];
			for (int received = 0; received < this.replyBytes;) {
				int read = input.read(reply);
				if (read < 0) {
					throw new EOFException("port %d closed after %d of %d bytes".formatted(socket.getPort(), received,
							this.replyBytes));
				}
				received += read;
			}
		}

	}

}
