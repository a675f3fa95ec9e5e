package dev.echod.classic;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.ConnectionState;
import dev.echod.connection.OpenConnection;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is served by blocking calls, as the registry sees it: whoever serves
 * it tells what was read and written, and asks whether to go on.
 */
final class ServedConnection implements OpenConnection {

	private static final long FLUSH_TIMEOUT_SECONDS = 10;

	private static final long STOP_TIMEOUT_SECONDS = 12;

	private final String id;

	private final String listener;

	private final Socket socket;

	private final InetSocketAddress peer;

	private final InetSocketAddress local;

	private final ConnectionRegistry registry;

	private final Server server;

	private final Instant openedAt = Instant.now();

	private final AtomicLong bytesReceived = new AtomicLong();

	private final AtomicLong bytesSent = new AtomicLong();

	private final AtomicLong messages = new AtomicLong();

	private final AtomicReference<@Nullable CloseReason> reason = new AtomicReference<>();

	private final AtomicBoolean ended = new AtomicBoolean();

	private final CountDownLatch gone = new CountDownLatch(1);

	private volatile long latestNanos = System.nanoTime();

	// Guarded by this

	private boolean closing;

	/**
	 * Whether the peer's FIN is awaited for as long as it takes.
	 */
	private boolean patient;

	/**
	 * Messages that were read and have no reply yet.
	 */
	private int owed;

	/**
	 * Create a connection, and register it.
	 */
	ServedConnection(String id, String listener, Socket socket, ConnectionRegistry registry, Server server) {
		this.id = id;
		this.listener = listener;
		this.socket = socket;
		this.peer = (InetSocketAddress) socket.getRemoteSocketAddress();
		this.local = (InetSocketAddress) socket.getLocalSocketAddress();
		this.registry = registry;
		this.server = server;
		registry.opened(this);
	}

	/**
	 * Sends our FIN.
	 */
	static void shutdownOutput(Socket socket) {
		try {
			socket.shutdownOutput();
		}
		catch (IOException ex) {
			// The peer is gone already.
		}
	}

	void received(int bytes) {
		this.bytesReceived.addAndGet(bytes);
		this.latestNanos = System.nanoTime();
	}

	void sent(int bytes) {
		this.bytesSent.addAndGet(bytes);
		this.latestNanos = System.nanoTime();
	}

	/**
	 * A message was read.
	 * @return whether to answer it; not when the connection is closing
	 */
	synchronized boolean messageReceived() {
		if (this.closing) {
			return false;
		}
		this.messages.incrementAndGet();
		this.owed++;
		return true;
	}

	/**
	 * A message was answered, or needs no answer.
	 */
	synchronized void messageAnswered() {
		this.owed--;
		if (this.closing && this.owed == 0) {
			endOutput();
		}
	}

	/**
	 * Keeps the first reason that is told.
	 */
	void because(CloseReason because) {
		this.reason.compareAndSet(null, because);
	}

	/**
	 * Closes the connection at once, for this reason.
	 */
	void failed(CloseReason because) {
		because(because);
		this.server.close();
	}

	/**
	 * The connection is gone; may be told more than once.
	 */
	void ended() {
		if (this.ended.compareAndSet(false, true)) {
			because(CloseReason.PEER_CLOSED);
			this.registry.closed(this, Objects.requireNonNull(this.reason.get()));
			this.gone.countDown();
		}
	}

	/**
	 * Closes connections in order, as their listener stops, and waits until all are gone.
	 */
	static void closeAll(List<ServedConnection> connections) {
		connections.forEach((connection) -> connection.close(CloseReason.LISTENER_STOPPED));
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_TIMEOUT_SECONDS);
		try {
			for (ServedConnection connection : connections) {
				if (!connection.gone.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
					connection.server.close();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public String listener() {
		return this.listener;
	}

	@Override
	public InetSocketAddress peer() {
		return this.peer;
	}

	@Override
	public InetSocketAddress local() {
		return this.local;
	}

	@Override
	public synchronized ConnectionState state() {
		return this.closing ? ConnectionState.CLOSING : ConnectionState.OPEN;
	}

	@Override
	public Instant openedAt() {
		return this.openedAt;
	}

	@Override
	public Duration idleFor() {
		return Duration.ofNanos(System.nanoTime() - this.latestNanos);
	}

	@Override
	public long bytesReceived() {
		return this.bytesReceived.get();
	}

	@Override
	public long bytesSent() {
		return this.bytesSent.get();
	}

	/**
	 * None: a thread waits until the peer has taken them.
	 */
	@Override
	public long pendingBytes() {
		return 0;
	}

	@Override
	public long messages() {
		return this.messages.get();
	}

	@Override
	public synchronized boolean isOwing() {
		return this.owed > 0;
	}

	@Override
	public synchronized void close(CloseReason because) {
		if (!this.closing) {
			beginClose(because);
			closeAfter(FLUSH_TIMEOUT_SECONDS);
		}
		else if (this.patient) {
			this.patient = false;
			closeAfter(this.server.finTimeoutSeconds());
		}
	}

	@Override
	public synchronized void closeIfQuiet(Duration quiet, CloseReason because) {
		if (!this.closing && this.owed == 0 && idleFor().compareTo(quiet) >= 0) {
			this.patient = true;
			beginClose(because);
		}
	}

	private void beginClose(CloseReason because) {
		because(because);
		this.closing = true;
		if (this.owed == 0) {
			endOutput();
		}
	}

	private void endOutput() {
		this.server.endOutput();
		if (!this.patient) {
			closeAfter(this.server.finTimeoutSeconds());
		}
	}

	private void closeAfter(long seconds) {
		CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(this.server::close);
	}

	@Override
	public void reset(CloseReason because) {
		if (this.ended.get()) {
			return;
		}
		this.reason.set(because);
		try {
			this.socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// It is closed already.
		}
		this.server.close();
	}

	/**
	 * Who serves a connection.
	 */
	interface Server {

		/**
		 * Has the output to the peer end; called once, when nothing is owed.
		 */
		void endOutput();

		/**
		 * How long the peer's FIN is awaited after that.
		 */
		default long finTimeoutSeconds() {
			return 1;
		}

		/**
		 * Closes the socket.
		 */
		void close();

	}

}
