package dev.echod.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the relay forwards to: echoes, or, when it is told to, answers the first byte with
 * a message that has no end.
 */
final class Upstream implements Closeable {

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile boolean endless;

	Upstream() throws IOException {
		Thread.ofVirtual().start(this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	void answerWithoutEnd(boolean endless) {
		this.endless = endless;
	}

	private void accept() {
		try {
			while (true) {
				Socket socket = this.server.accept();
				this.sockets.add(socket);
				Thread.ofVirtual().start(() -> serve(socket));
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private void serve(Socket socket) {
		byte[] buffer = new byte[16 * 1024];
		try (socket) {
			for (int length = socket.getInputStream().read(buffer); length >= 0; length = socket.getInputStream()
				.read(buffer)) {
				while (this.endless) {
					socket.getOutputStream().write(new byte[buffer.length]);
				}
				socket.getOutputStream().write(buffer, 0, length);
			}
		}
		catch (IOException ex) {
			// The relay has left.
		}
		finally {
			this.sockets.remove(socket);
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

}
