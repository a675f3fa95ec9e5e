package dev.echod.classic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
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

import org.springframework.integration.ip.tcp.connection.TcpNioServerConnectionFactory;
import org.springframework.integration.util.CompositeExecutor;

/**
 * Spring's non-blocking connection factory, but for its listening socket: Spring's binds
 * on another thread, only logs when it cannot, and is of IPv6 as well wherever that is.
 * Order holds, because one thread assembles the messages of all connections; replies owed
 * at a half-close are lost.
 */
public final class SelectorServerConnectionFactory extends TcpNioServerConnectionFactory implements Acceptor {

	private static final Logger log = LoggerFactory.getLogger(SelectorServerConnectionFactory.class);

	private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

	private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private final ClassicSettings settings;

	private final ConnectionIds ids = new ConnectionIds();

	private @Nullable ExecutorService assembler;

	/**
	 * Null while stopped.
	 */
	private volatile @Nullable Selector selector;

	/**
	 * Null while paused or stopped.
	 */
	private volatile @Nullable ServerSocketChannel listening;

	private volatile int port;

	private final AcceptFailures failures;

	public SelectorServerConnectionFactory(ClassicSettings settings) {
		super(settings.port());
		this.settings = settings;
		this.port = settings.port();
		this.failures = new AcceptFailures(settings);
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
	 * Binds and accepts.
	 * @throws UncheckedIOException if the address cannot be bound
	 */
	@Override
	public void start() {
		if (isRunning()) {
			return;
		}
		this.port = this.settings.port();
		try {
			Selector opened = Selector.open();
			try {
				listen(opened);
			}
			catch (IOException ex) {
				opened.close();
				throw ex;
			}
			this.selector = opened;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		ExecutorService assembling = Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
		this.assembler = assembling;
		setTaskExecutor(new CompositeExecutor(Executors.newVirtualThreadPerTaskExecutor(), assembling));
		super.start();
		publishServerListeningEvent(this.port);
	}

	private void listen(Selector known) throws IOException {
		ServerSocketChannel channel = this.settings.listen(this.port);
		try {
			channel.configureBlocking(false);
			this.port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
			this.listening = channel;
			channel.register(known, SelectionKey.OP_ACCEPT);
		}
		catch (IOException ex) {
			this.listening = null;
			channel.close();
			throw ex;
		}
	}

	/**
	 * Serves all connections, until the factory is stopped.
	 */
	@Override
	public void run() {
		Selector known = this.selector;
		try {
			while (known != null && isActive()) {
				select(known);
			}
		}
		catch (ClosedSelectorException ex) {
			log.trace("{} was stopped", this.settings.name(), ex);
		}
		catch (IOException ex) {
			log.error("{} can serve nobody any more", this.settings.name(), ex);
			publishServerExceptionEvent(ex);
			// Who stops it waits for this thread.
			SocketWire.THREADS.execute(this::stop);
		}
	}

	private void select(Selector known) throws IOException {
		try {
			int selected = known.select(getDelayedReads().isEmpty() ? 0 : getReadDelay());
			processNioSelections(selected, known, this.listening, getConnections());
		}
		catch (CancelledKeyException ex) {
			log.trace("{} had a connection that was just closed", this.settings.name(), ex);
		}
		catch (ClosedSelectorException ex) {
			throw ex;
		}
		catch (RuntimeException | Error ex) {
			// Of a listener for events, for instance: others are served on.
			log.error("{} could not serve a connection", this.settings.name(), ex);
			LockSupport.parkNanos(this, FAILURE_NANOS);
		}
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

	@Override
	protected void doAccept(Selector selectorForNewSocket, ServerSocketChannel server, long now) {
		ServerSocketChannel accepting = this.listening;
		if (accepting == null) {
			return;
		}
		try {
			super.doAccept(selectorForNewSocket, accepting, now);
			this.failures.accepted();
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
		this.failures.failed(failure.getCause());
		key.interestOps(0);
		CompletableFuture.delayedExecutor(AcceptFailures.RETRY_MILLIS, TimeUnit.MILLISECONDS, SocketWire.THREADS)
			.execute(() -> {
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
			listen(known);
			known.wakeup();
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
		// Before the selector is closed, which would be reported otherwise.
		setActive(false);
		closeSelector();
		super.stop();
		if (this.assembler != null) {
			this.assembler.shutdownNow();
		}
	}

	private void closeSelector() {
		Selector known = this.selector;
		this.selector = null;
		try {
			if (known != null) {
				known.close();
			}
		}
		catch (IOException ex) {
			log.debug("{} failed to close its selector", this.settings.name(), ex);
		}
	}

	/**
	 * Does nothing: connections remove themselves.
	 */
	@Override
	protected void harvestClosedConnections() {
	}

}
