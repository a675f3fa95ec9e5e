package dev.echod.transport;

import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.echod.connection.Acceptor;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.AbstractServerConnectionFactory;
import org.springframework.util.Assert;

/**
 * When a server connection factory on event loops accepts connections. An event loop's
 * thread must not call its methods: they wait for the event loops.
 */
abstract class AcceptingConnectionFactory extends AbstractServerConnectionFactory implements Acceptor {

	private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(12);

	/**
	 * For starting, stopping and pausing: an event loop never waits for it, so that who
	 * has it may wait for an event loop.
	 */
	private final Lock accepting = new ReentrantLock();

	private volatile @Nullable ListeningChannel listening;

	private volatile boolean shuttingDown;

	AcceptingConnectionFactory(int port) {
		super(port);
	}

	/**
	 * Listens on the port; 0 is any that is free.
	 */
	abstract ListeningChannel bind(int port) throws BindException;

	/**
	 * Closes the open connections in order, and returns at once.
	 */
	abstract void closeConnections();

	/**
	 * Waits until no connection is open, so long at most.
	 */
	abstract void awaitNoConnections(long nanos);

	/**
	 * The port; when it was 0, the real one once the factory has started.
	 */
	@Override
	public int getPort() {
		return (super.getPort() == 0 && getServerSocketAddress() instanceof InetSocketAddress address)
				? address.getPort() : super.getPort();
	}

	@Override
	public @Nullable SocketAddress getServerSocketAddress() {
		ListeningChannel channel = this.listening;
		return (channel != null) ? channel.address() : null;
	}

	/**
	 * Binds and accepts. An event loop's thread must not call, nor any of the methods
	 * that stop or pause.
	 * @throws UncheckedIOException if the address cannot be bound, with a
	 * {@link BindException}
	 */
	@Override
	public void start() {
		this.accepting.lock();
		try {
			if (isActive()) {
				return;
			}
			Assert.state(getListener() != null, () -> "No TcpListener is registered with " + this);
			this.shuttingDown = false;
			setActive(true);
			try {
				this.listening = bind(super.getPort());
			}
			catch (BindException ex) {
				setActive(false);
				publishServerExceptionEvent(ex);
				throw new UncheckedIOException(ex);
			}
			catch (RuntimeException ex) {
				setActive(false);
				throw ex;
			}
			setListening(true);
			publishServerListeningEvent(getPort());
		}
		finally {
			this.accepting.unlock();
		}
	}

	@Override
	public void pauseAccepting() {
		this.accepting.lock();
		try {
			ListeningChannel channel = this.listening;
			if (channel != null && isListening()) {
				setListening(false);
				channel.close();
			}
		}
		finally {
			this.accepting.unlock();
		}
	}

	@Override
	public void resumeAccepting() {
		this.accepting.lock();
		try {
			if (this.listening != null && !isListening()) {
				this.listening = bind(getPort());
				setListening(true);
			}
		}
		catch (BindException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.accepting.unlock();
		}
	}

	/**
	 * Refuses new connections, then closes the open ones in order: what was handed on is
	 * answered. Waits until all are closed, twelve seconds at most.
	 */
	@Override
	public void stop() {
		this.accepting.lock();
		try {
			ListeningChannel channel = this.listening;
			if (channel == null) {
				return;
			}
			channel.close();
			setListening(false);
			this.listening = null;
			// From here on nobody is set up who would not be closed.
			setActive(false);
			closeConnections();
			super.stop();
			awaitNoConnections(STOP_NANOS);
		}
		finally {
			this.accepting.unlock();
		}
	}

	/**
	 * Does nothing: the event loops accept.
	 */
	@Override
	public void run() {
	}

	/**
	 * From now on new connections are closed; the open ones go on.
	 */
	@Override
	public int beforeShutdown() {
		this.shuttingDown = true;
		return 0;
	}

	@Override
	protected boolean isShuttingDown() {
		return this.shuttingDown;
	}

}
