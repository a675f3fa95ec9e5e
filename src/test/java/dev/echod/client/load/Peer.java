package dev.echod.client.load;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server whose connections do what a test says.
 */
final class Peer implements AutoCloseable {

	private static final int READ = 64 * 1024;

	private static final Change UNCHANGED = (bytes, length, before, out) -> out.write(bytes, 0, length);

	private final ServerSocket listening;

	private final Behaviour behaviour;

	private final AtomicInteger accepted = new AtomicInteger();

	private final AtomicLong received = new AtomicLong();

	Peer(Behaviour behaviour) throws IOException {
		this(new ServerSocket(0, 1000, InetAddress.getLoopbackAddress()), behaviour);
	}

	Peer(ServerSocket listening, Behaviour behaviour) {
		this.behaviour = behaviour;
		this.listening = listening;
		Thread.ofVirtual().start(this::accept);
	}

	/**
	 * Returns what it is sent, each read changed in a way.
	 */
	static Peer echo(Change change) throws IOException {
		return new Peer(returning(change));
	}

	private static Behaviour returning(Change change) {
		return (peer, socket) -> {
			byte[] bytes = new byte[READ];
			long before = 0;
			int length = socket.getInputStream().read(bytes);
			while (length >= 0) {
				peer.received.addAndGet(length);
				change.write(bytes, length, before, socket.getOutputStream());
				before += length;
				length = socket.getInputStream().read(bytes);
			}
		};
	}

	/**
	 * Returns what it is sent.
	 * @param listening where
	 */
	static Peer echo(ServerSocket listening) {
		return new Peer(listening, returning(UNCHANGED));
	}

	static Peer echo() throws IOException {
		return echo(UNCHANGED);
	}

	private void accept() {
		try {
			while (true) {
				Socket socket = this.listening.accept();
				socket.setTcpNoDelay(true);
				this.accepted.incrementAndGet();
				Thread.ofVirtual().start(() -> serve(socket));
			}
		}
		catch (IOException ex) {
			// The test is over.
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			this.behaviour.serve(this, socket);
		}
		catch (IOException | InterruptedException ex) {
			// So is the connection.
		}
	}

	int port() {
		return this.listening.getLocalPort();
	}

	/**
	 * How many connections it accepted.
	 */
	int accepted() {
		return this.accepted.get();
	}

	/**
	 * How many bytes an echo received.
	 */
	long received() {
		return this.received.get();
	}

	@Override
	public void close() throws IOException {
		this.listening.close();
	}

	interface Behaviour {

		void serve(Peer peer, Socket socket) throws IOException, InterruptedException;

	}

	interface Change {

		/**
		 * Writes what becomes of a read.
		 * @param before bytes of the connection before it
		 */
		void write(byte[] bytes, int length, long before, OutputStream out) throws IOException;

	}

}
