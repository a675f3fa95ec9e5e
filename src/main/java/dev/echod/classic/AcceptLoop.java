package dev.echod.classic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

import dev.echod.admission.Place;
import dev.echod.connection.Acceptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket and the thread that accepts from it. It goes on whatever becomes of
 * a connection, and when none can be accepted, for want of file descriptors above all.
 */
final class AcceptLoop implements Acceptor {

	private static final Logger logger = LoggerFactory.getLogger(AcceptLoop.class);

	private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(AcceptFailures.RETRY_MILLIS);

	private static final long PAUSE_TIMEOUT_MILLIS = 10_000;

	private final ClassicSettings settings;

	private final BiConsumer<Socket, Place> accepted;

	private final Object monitor = new Object();

	/**
	 * What is configured, until it is bound. Written with the monitor, as are the next
	 * two; who only looks does not wait for it.
	 */
	private volatile int port;

	/**
	 * Null while paused or stopped.
	 */
	private volatile @Nullable ServerSocketChannel listening;

	private volatile boolean running;

	/**
	 * Who accepts; one that served when it was stopped accepts no more.
	 */
	private @Nullable Thread thread;

	/**
	 * Whether the thread is in the system's accept: the port is free again when it is
	 * not.
	 */
	private boolean accepting;

	/**
	 * Create one that does not listen yet.
	 * @param accepted takes each connection that is let in, on the thread that accepted
	 * it, and the place to be given back at its end
	 */
	AcceptLoop(ClassicSettings settings, BiConsumer<Socket, Place> accepted) {
		this.settings = settings;
		this.accepted = accepted;
		this.port = settings.port();
	}

	/**
	 * Binds and accepts.
	 * @throws UncheckedIOException if the address cannot be bound
	 */
	void start() {
		synchronized (this.monitor) {
			if (this.running) {
				return;
			}
			this.port = this.settings.port();
			this.running = true;
			try {
				resumeAccepting();
			}
			catch (UncheckedIOException ex) {
				this.running = false;
				throw ex;
			}
		}
		Thread started = Thread.ofVirtual().name(this.settings.name() + "-accept").unstarted(this::acceptAll);
		synchronized (this.monitor) {
			this.thread = started;
		}
		started.start();
	}

	void stop() {
		synchronized (this.monitor) {
			this.running = false;
			pauseAccepting();
			this.monitor.notifyAll();
		}
	}

	@Override
	public void resumeAccepting() {
		synchronized (this.monitor) {
			if (this.listening == null && this.running) {
				try {
					ServerSocketChannel bound = this.settings.listen(this.port);
					this.port = ((InetSocketAddress) bound.getLocalAddress()).getPort();
					this.listening = bound;
					this.monitor.notifyAll();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}
		}
	}

	@Override
	public void pauseAccepting() {
		synchronized (this.monitor) {
			ServerSocketChannel socket = this.listening;
			this.listening = null;
			if (socket != null) {
				close(socket);
			}
		}
	}

	private void close(ServerSocketChannel socket) {
		try {
			socket.close();
			long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_TIMEOUT_MILLIS);
			while (this.accepting && deadline - System.nanoTime() > 0) {
				this.monitor.wait(PAUSE_TIMEOUT_MILLIS);
			}
		}
		catch (IOException ex) {
			logger.debug("{} failed to stop listening", this.settings.name(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void acceptAll() {
		AcceptFailures failures = new AcceptFailures(this.settings);
		for (ServerSocketChannel socket = awaitListening(); socket != null; socket = awaitListening()) {
			try {
				Socket connection = accept(socket);
				failures.accepted();
				handOver(connection);
			}
			catch (IOException | RuntimeException | Error ex) {
				if (socket.isOpen()) {
					failures.failed(ex);
					LockSupport.parkNanos(this, RETRY_NANOS);
				}
			}
		}
	}

	private @Nullable ServerSocketChannel awaitListening() {
		synchronized (this.monitor) {
			for (long wait = waitNanos(); isAccepting() && (this.listening == null || wait > 0); wait = waitNanos()) {
				try {
					TimeUnit.NANOSECONDS.timedWait(this.monitor, wait);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					return null;
				}
			}
			ServerSocketChannel socket = isAccepting() ? this.listening : null;
			this.accepting = socket != null;
			return socket;
		}
	}

	/**
	 * How long nobody is accepted, for all that is known now.
	 */
	private long waitNanos() {
		return (this.listening == null) ? Long.MAX_VALUE : this.settings.admission().waitNanos();
	}

	private boolean isAccepting() {
		return this.running && Thread.currentThread().equals(this.thread);
	}

	private Socket accept(ServerSocketChannel socket) throws IOException {
		try {
			return socket.accept().socket();
		}
		finally {
			synchronized (this.monitor) {
				this.accepting = false;
				this.monitor.notifyAll();
			}
		}
	}

	private void handOver(Socket connection) throws IOException {
		Place place = null;
		try {
			place = this.settings.admission().admit(connection.getInetAddress());
			if (place == null) {
				connection.setSoLinger(true, 0);
				connection.close();
			}
			else {
				this.accepted.accept(connection, place);
			}
		}
		catch (Throwable ex) {
			logger.warn("{} could not serve a connection: {}", this.settings.name(), ex.toString());
			if (place != null) {
				place.giveBack();
			}
			connection.close();
		}
	}

	@Override
	public boolean isListening() {
		return this.listening != null;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPort() {
		return this.port;
	}

}
