package dev.echod.classic;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import dev.echod.connection.Acceptor;
import dev.echod.connection.CloseReason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.integration.ip.tcp.inbound.TcpInboundGateway;
import org.springframework.integration.ip.tcp.connection.TcpNetServerConnectionFactory;

/**
 * Spring's blocking connection factory: a thread for each connection, or one for all in
 * turn.
 */
public final class ThreadServerConnectionFactory extends TcpNetServerConnectionFactory implements Acceptor {

	private static final Logger log = LoggerFactory.getLogger(ThreadServerConnectionFactory.class);

	private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private final ClassicSettings settings;

	private final AtomicLong connectionNumber = new AtomicLong();

	private volatile PausableServerSocket socket;

	private ThreadServerConnectionFactory(ClassicSettings settings, Executor executor) {
		super(settings.port());
		this.settings = settings;
		this.socket = PausableServerSocket.closed(settings);
		super.setBacklog(settings.backlog());
		super.setSoTcpNoDelay(settings.tcpNoDelay());
		super.setTaskExecutor((task) -> execute(task, executor));
		super.setTcpNetConnectionSupport((accepted, server, lookupHost, publisher, name) -> new ThreadConnection(
				accepted, settings.name() + "-" + Long.toHexString(this.connectionNumber.incrementAndGet()), settings,
				Objects.requireNonNull(publisher), this.connections::remove));
	}

	/**
	 * A thread for each connection.
	 * @param executor starts a thread for each task
	 */
	public static ThreadServerConnectionFactory threadPerConnection(ClassicSettings settings, Executor executor) {
		return new ThreadServerConnectionFactory(settings, executor);
	}

	/**
	 * One connection at a time: the thread that accepted it serves it to its end, while
	 * others wait in the backlog.
	 */
	public static ThreadServerConnectionFactory serial(ClassicSettings settings) {
		return new ThreadServerConnectionFactory(settings, new AcceptingThread());
	}

	/**
	 * Closes a connection that the system has no thread for, and goes on accepting.
	 */
	private static void execute(Runnable task, Executor executor) {
		try {
			executor.execute(task);
		}
		catch (OutOfMemoryError ex) {
			if (!(task instanceof ThreadConnection connection)) {
				throw ex;
			}
			log.warn("{} could not be served by a thread: {}", connection.served().id(), ex.getMessage());
			connection.served().because(CloseReason.SERVICE_FAILED);
			connection.close();
		}
	}

	/**
	 * A gateway on this factory, for flows that have answered when the request channel
	 * returns.
	 */
	public TcpInboundGateway gateway() {
		return InOrderGateway.on(this, this.connections);
	}

	@Override
	public int getPort() {
		return this.socket.getLocalPort();
	}

	/**
	 * Binds and accepts.
	 * @throws java.io.UncheckedIOException if the address cannot be bound
	 */
	@Override
	public void start() {
		if (this.socket.isClosed()) {
			this.socket = PausableServerSocket.listen(this.settings);
			super.start();
			// Spring's stop does nothing before.
			while (!super.isListening()) {
				LockSupport.parkNanos(this, TICK_NANOS);
			}
		}
	}

	@Override
	protected ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress whichNic) {
		return this.socket;
	}

	@Override
	public boolean isListening() {
		return this.socket.isListening();
	}

	@Override
	public boolean isRunning() {
		return !this.socket.isClosed();
	}

	@Override
	public void pauseAccepting() {
		this.socket.pauseAccepting();
	}

	@Override
	public void resumeAccepting() {
		this.socket.resumeAccepting();
	}

	/**
	 * Refuses new connections, then closes the open ones in order. Waits until all are
	 * closed, twelve seconds at most.
	 */
	@Override
	public void stop() {
		if (this.socket.isClosed()) {
			return;
		}
		// Before its socket is closed, which it would report otherwise.
		setActive(false);
		this.socket.close();
		ServedConnection.closeAll(this.connections.values()
			.stream()
			.map((connection) -> ((ThreadConnection) connection).served())
			.toList());
		super.stop();
	}

	/**
	 * Does nothing: connections remove themselves, a scan at each accept would cost more
	 * than the accept.
	 */
	@Override
	protected void harvestClosedConnections() {
	}

	/**
	 * Runs what accepts on a thread, and what that hands over on the same.
	 */
	private static final class AcceptingThread implements Executor {

		private volatile @Nullable Thread thread;

		@Override
		public void execute(Runnable task) {
			if (Thread.currentThread().equals(this.thread)) {
				task.run();
			}
			else {
				this.thread = Thread.ofVirtual().start(task);
			}
		}

	}

}
