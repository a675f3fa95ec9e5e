package dev.echod.classic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import dev.echod.connection.Acceptor;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.TcpNioServerConnectionFactory;
import org.springframework.integration.ip.tcp.inbound.TcpInboundGateway;
import org.springframework.integration.util.CompositeExecutor;

/**
 * Spring's non-blocking connection factory. Order holds, because one thread assembles the
 * messages of all connections; replies owed at a half-close are lost.
 */
public final class SelectorServerConnectionFactory extends TcpNioServerConnectionFactory implements Acceptor {

	private static final long START_TIMEOUT_SECONDS = 10;

	private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private final ClassicSettings settings;

	private final AtomicLong connectionNumber = new AtomicLong();

	private @Nullable ExecutorService assembler;

	/**
	 * Spring's, learnt of when it first accepts.
	 */
	private volatile @Nullable Selector selector;

	/**
	 * Null while paused or stopped.
	 */
	private volatile @Nullable ServerSocketChannel listening;

	private volatile int port;

	public SelectorServerConnectionFactory(ClassicSettings settings) {
		super(settings.port());
		this.settings = settings;
		this.port = settings.port();
		super.setLocalAddress(settings.address());
		super.setBacklog(settings.backlog());
		super.setSoTcpNoDelay(settings.tcpNoDelay());
		super.setTcpNioConnectionSupport((channel, server, lookupHost, publisher, name) -> new SelectorConnection(
				channel, settings.name() + "-" + Long.toHexString(this.connectionNumber.incrementAndGet()), settings,
				Objects.requireNonNull(publisher), this::closed));
	}

	/**
	 * The system's socket goes when the selector has let go of it.
	 */
	private void closed(String connectionId) {
		this.connections.remove(connectionId);
		Selector known = this.selector;
		if (known != null) {
			known.wakeup();
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
		return this.port;
	}

	/**
	 * Binds and accepts.
	 * @throws UncheckedIOException if the address cannot be bound
	 */
	@Override
	public void start() {
		if (isRunning()) {
			return;
		}
		checkAddress();
		ExecutorService assembling = Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
		this.assembler = assembling;
		setTaskExecutor(new CompositeExecutor(Executors.newVirtualThreadPerTaskExecutor(), assembling));
		super.start();
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_TIMEOUT_SECONDS);
		while (!super.isListening()) {
			if (deadline - System.nanoTime() < 0) {
				throw new UncheckedIOException(new IOException("It does not start to listen"));
			}
			LockSupport.parkNanos(this, TICK_NANOS);
		}
		this.listening = getServerChannel();
		this.port = super.getPort();
	}

	/**
	 * Spring binds on another thread, and only logs when it cannot.
	 */
	private void checkAddress() {
		try (ServerSocket socket = new ServerSocket()) {
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getByName(this.settings.address()), this.port));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	protected void doAccept(Selector selectorForNewSocket, ServerSocketChannel server, long now) {
		this.selector = selectorForNewSocket;
		ServerSocketChannel accepting = this.listening;
		if (accepting != null) {
			super.doAccept(selectorForNewSocket, accepting, now);
		}
	}

	@Override
	public boolean isListening() {
		return this.listening != null;
	}

	@Override
	public void pauseAccepting() {
		ServerSocketChannel accepting = this.listening;
		if (accepting == null) {
			return;
		}
		this.listening = null;
		try {
			meetSelector();
			accepting.close();
			// The system's socket goes when the selector has let go of it.
			while (accepting.isRegistered()) {
				Objects.requireNonNull(this.selector).wakeup();
				LockSupport.parkNanos(this, TICK_NANOS);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Spring shows its selector only to who accepts.
	 */
	private void meetSelector() throws IOException {
		if (this.selector != null) {
			return;
		}
		InetAddress address = InetAddress.getByName(this.settings.address());
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(
					address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, this.port));
			while (this.selector == null) {
				LockSupport.parkNanos(this, TICK_NANOS);
			}
		}
	}

	@Override
	public void resumeAccepting() {
		Selector known = this.selector;
		if (this.listening != null || known == null) {
			return;
		}
		try {
			ServerSocketChannel channel = ServerSocketChannel.open();
			try {
				channel.configureBlocking(false);
				channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
				channel.bind(new InetSocketAddress(InetAddress.getByName(this.settings.address()), this.port),
						this.settings.backlog());
				this.listening = channel;
				channel.register(known, SelectionKey.OP_ACCEPT);
				known.wakeup();
			}
			catch (IOException ex) {
				this.listening = null;
				channel.close();
				throw ex;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Refuses new connections, then closes the open ones in order. Waits until all are
	 * closed, twelve seconds at most.
	 */
	@Override
	public void stop() {
		if (!isRunning()) {
			return;
		}
		pauseAccepting();
		ServedConnection.closeAll(this.connections.values()
			.stream()
			.map((connection) -> ((SelectorConnection) connection).served())
			.toList());
		// Before its selector is closed, which it would report otherwise.
		setActive(false);
		super.stop();
		this.selector = null;
		if (this.assembler != null) {
			this.assembler.shutdownNow();
		}
	}

	/**
	 * Does nothing: connections remove themselves.
	 */
	@Override
	protected void harvestClosedConnections() {
	}

}
