package dev.echod.classic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.echod.connection.Acceptor;
import dev.echod.connection.ConnectionIds;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.integration.ip.tcp.connection.TcpNioConnection;
import org.springframework.integration.ip.tcp.connection.TcpNioServerConnectionFactory;
import org.springframework.integration.util.CompositeExecutor;

/**
 * Spring's non-blocking connection factory. Order holds, because one thread assembles the
 * messages of all connections; replies owed at a half-close are lost.
 */
public final class SelectorServerConnectionFactory extends TcpNioServerConnectionFactory implements Acceptor {

	private static final Logger log = LoggerFactory.getLogger(SelectorServerConnectionFactory.class);

	private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

	private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long RETRY_MILLIS = 200;

	private static final int MEETING_MILLIS = 20;

	private final ClassicSettings settings;

	private final ConnectionIds ids = new ConnectionIds();

	private @Nullable ExecutorService assembler;

	/**
	 * Spring's, learnt of when it selects.
	 */
	private volatile @Nullable Selector selector;

	/**
	 * Null while paused or stopped.
	 */
	private volatile @Nullable ServerSocketChannel listening;

	private volatile int port;

	private boolean failing;

	public SelectorServerConnectionFactory(ClassicSettings settings) {
		super(settings.port());
		this.settings = settings;
		this.port = settings.port();
		super.setLocalAddress(settings.address());
		super.setBacklog(settings.backlog());
		super.setSoTcpNoDelay(settings.tcpNoDelay());
		super.setTcpNioConnectionSupport((channel, server, lookupHost, publisher, name) -> {
			String id = this.ids.next(settings.name());
			return new SelectorConnection(channel, id, settings, Objects.requireNonNull(publisher), () -> closed(id));
		});
	}

	/**
	 * The system's socket goes when the selector has let go of it.
	 */
	private void closed(String connectionId) {
		this.connections.remove(connectionId);
		wakeUp();
	}

	private void wakeUp() {
		Selector known = this.selector;
		if (known != null) {
			known.wakeup();
		}
	}

	@Override
	public int getPort() {
		return this.port;
	}

	/**
	 * Has Spring's selector look up from time to time, until it has been met.
	 */
	@Override
	public int getSoTimeout() {
		return (this.selector == null) ? MEETING_MILLIS : super.getSoTimeout();
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
		if (!await(() -> super.isListening() && this.selector != null)) {
			throw new UncheckedIOException(new IOException("It does not start to listen"));
		}
		this.listening = getServerChannel();
		this.port = super.getPort();
	}

	private boolean await(BooleanSupplier condition) {
		long deadline = System.nanoTime() + WAIT_NANOS;
		while (!condition.getAsBoolean()) {
			if (deadline - System.nanoTime() < 0) {
				return false;
			}
			wakeUp();
			LockSupport.parkNanos(this, TICK_NANOS);
		}
		return true;
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
	protected void processNioSelections(int selectionCount, Selector known, @Nullable ServerSocketChannel server,
			Map<SocketChannel, TcpNioConnection> connectionMap) {
		this.selector = known;
		try {
			super.processNioSelections(selectionCount, known, server, connectionMap);
		}
		catch (Error ex) {
			// Of a listener for events, for instance: others are served on.
			log.error("{} could not serve a connection", this.settings.name(), ex);
		}
	}

	@Override
	protected void doAccept(Selector selectorForNewSocket, ServerSocketChannel server, long now) {
		ServerSocketChannel accepting = this.listening;
		if (accepting == null) {
			return;
		}
		try {
			super.doAccept(selectorForNewSocket, accepting, now);
			if (this.failing) {
				this.failing = false;
				log.info("{} accepts connections again", this.settings.name());
			}
		}
		catch (UncheckedIOException ex) {
			acceptLater(selectorForNewSocket, accepting, ex);
		}
	}

	/**
	 * Lets new clients wait in the backlog, for want of file descriptors above all, and
	 * goes on with those there are.
	 */
	private void acceptLater(Selector known, ServerSocketChannel accepting, UncheckedIOException failure) {
		SelectionKey key = accepting.keyFor(known);
		if (key == null || !key.isValid()) {
			return;
		}
		this.settings.registry().acceptFailed(this.settings.name());
		if (!this.failing) {
			this.failing = true;
			log.warn("{} cannot accept connections for now: {}", this.settings.name(),
					String.valueOf(failure.getCause()));
		}
		key.interestOps(0);
		CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS, SocketWire.THREADS).execute(() -> {
			if (key.isValid()) {
				key.interestOps(SelectionKey.OP_ACCEPT);
				known.wakeup();
			}
		});
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
			accepting.close();
			// The system's socket goes when the selector has let go of it.
			if (!await(() -> !accepting.isRegistered())) {
				log.warn("{} does not stop listening: its selector is busy", this.settings.name());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
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
		this.settings.closeConnections();
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
