package dev.echod.classic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket that can stop listening and listen again while a thread waits in
 * {@link #accept()}. It goes on when a connection cannot be accepted, for want of file
 * descriptors above all.
 */
final class PausableServerSocket extends ServerSocket {

	private static final Logger logger = LoggerFactory.getLogger(PausableServerSocket.class);

	private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

	private final String name;

	private final InetAddress address;

	private final int backlog;

	private final Object monitor = new Object();

	private int port;

	/**
	 * Null while paused.
	 */
	private @Nullable ServerSocket listening;

	private boolean closed;

	/**
	 * Whether a thread is in the system's accept: the port is free again when it is not.
	 */
	private boolean accepting;

	private PausableServerSocket(ClassicSettings settings, boolean closed) throws IOException {
		super();
		this.name = settings.name();
		this.address = InetAddress.getByName(settings.address());
		this.port = settings.port();
		this.backlog = settings.backlog();
		this.closed = closed;
	}

	/**
	 * One that does not listen and never will.
	 */
	static PausableServerSocket closed(ClassicSettings settings) {
		try {
			return new PausableServerSocket(settings, true);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Listens.
	 * @throws UncheckedIOException if the address cannot be bound
	 */
	static PausableServerSocket listen(ClassicSettings settings) {
		try {
			PausableServerSocket socket = new PausableServerSocket(settings, false);
			socket.resumeAccepting();
			return socket;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Listens, unless it does.
	 * @throws UncheckedIOException if the address cannot be bound
	 */
	void resumeAccepting() {
		synchronized (this.monitor) {
			if (this.listening == null && !this.closed) {
				this.listening = bind();
				this.port = this.listening.getLocalPort();
				this.monitor.notifyAll();
			}
		}
	}

	private ServerSocket bind() {
		try {
			ServerSocket socket = new ServerSocket();
			try {
				socket.setReuseAddress(true);
				socket.bind(new InetSocketAddress(this.address, this.port), this.backlog);
				return socket;
			}
			catch (IOException ex) {
				socket.close();
				throw ex;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void pauseAccepting() {
		synchronized (this.monitor) {
			ServerSocket socket = this.listening;
			this.listening = null;
			if (socket != null) {
				close(socket);
			}
		}
	}

	private void close(ServerSocket socket) {
		try {
			socket.close();
			while (this.accepting) {
				this.monitor.wait();
			}
		}
		catch (IOException ex) {
			logger.debug("{} failed to stop listening", this.name, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	boolean isListening() {
		synchronized (this.monitor) {
			return this.listening != null;
		}
	}

	@Override
	public Socket accept() throws IOException {
		boolean failing = false;
		while (true) {
			ServerSocket socket = awaitListening();
			try {
				Socket accepted = accept(socket);
				if (failing) {
					logger.info("{} accepts connections again", this.name);
				}
				return accepted;
			}
			catch (IOException ex) {
				if (!socket.isClosed()) {
					if (!failing) {
						failing = true;
						logger.warn("{} cannot accept connections for now: {}", this.name, ex.getMessage());
					}
					LockSupport.parkNanos(this, RETRY_NANOS);
				}
			}
		}
	}

	private Socket accept(ServerSocket socket) throws IOException {
		try {
			return socket.accept();
		}
		finally {
			synchronized (this.monitor) {
				this.accepting = false;
				this.monitor.notifyAll();
			}
		}
	}

	private ServerSocket awaitListening() throws SocketException {
		synchronized (this.monitor) {
			while (this.listening == null && !this.closed) {
				try {
					this.monitor.wait();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					throw new SocketException("Interrupted");
				}
			}
			if (this.listening == null) {
				throw new SocketException("Socket closed");
			}
			this.accepting = true;
			return this.listening;
		}
	}

	@Override
	public void close() {
		synchronized (this.monitor) {
			this.closed = true;
			pauseAccepting();
			this.monitor.notifyAll();
		}
	}

	@Override
	public boolean isClosed() {
		synchronized (this.monitor) {
			return this.closed;
		}
	}

	@Override
	public int getLocalPort() {
		synchronized (this.monitor) {
			return this.port;
		}
	}

	@Override
	public SocketAddress getLocalSocketAddress() {
		return new InetSocketAddress(this.address, getLocalPort());
	}

}
