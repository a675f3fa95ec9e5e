package dev.echod.connection;

import java.time.Duration;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the open connections of all listeners, the last that closed, and what they amount
 * to. Adding and removing take constant time, and nobody who reads holds up who adds; any
 * thread may call.
 */
public class ConnectionRegistry {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionRegistry.class);

	private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private final Map<String, ListenerConnections> listeners = new ConcurrentHashMap<>();

	private final Collection<OpenConnection> openView = new View<>(ListenerConnections::open);

	private final Collection<Arrival> arrivalsView = new View<>(ListenerConnections::arrivals);

	private final RecentlyClosed closed;

	private final List<Consumer<OpenConnection>> openListeners = new CopyOnWriteArrayList<>();

	private final List<Consumer<ClosedConnection>> closeListeners = new CopyOnWriteArrayList<>();

	/**
	 * Create a registry that keeps the last thousand closed connections.
	 */
	public ConnectionRegistry() {
		this(new ClosedConnectionsProperties(1_000, Duration.ZERO), System::nanoTime);
	}

	ConnectionRegistry(ClosedConnectionsProperties kept, LongSupplier nanoClock) {
		this.closed = new RecentlyClosed(kept, nanoClock);
	}

	/**
	 * One was accepted, and is not ready.
	 */
	public void arriving(String listener, Arrival arrival) {
		of(listener).arriving(arrival);
	}

	/**
	 * One that was arriving is ready and has been told as opened, or has ended.
	 */
	public void arrived(String listener, Arrival arrival) {
		of(listener).arrived(arrival);
	}

	/**
	 * One has ended that was never ready.
	 */
	public void failed(ClosedConnection connection) {
		kept(connection);
		of(connection.listener()).failed(connection.isSilent());
	}

	/**
	 * One is ready.
	 */
	public void opened(ServedConnection connection) {
		of(connection.listener()).opened(connection);
		tell(this.openListeners, connection);
		logger.debug("{} opened by {}", connection.id(), connection.endpoints().client());
	}

	void closed(ServedConnection connection, CloseReason reason) {
		ClosedConnection ended = connection.asClosed(reason);
		kept(ended);
		of(connection.listener()).closed(connection, ended.isSilent());
	}

	/**
	 * Before it is gone: who waits for the last one to go has then been told of all.
	 */
	private void kept(ClosedConnection ended) {
		tell(this.closeListeners, ended);
		if (!ended.isSilent()) {
			this.closed.add(ended);
		}
		logger.debug("{} of {} closed, {}: {} bytes received, {} sent, {} messages", ended.id(),
				ended.endpoints().client(), ended.reason(), ended.bytesReceived(), ended.bytesSent(), ended.messages());
	}

	private static <T> void tell(List<Consumer<T>> listeners, T connection) {
		for (Consumer<T> listener : listeners) {
			try {
				listener.accept(connection);
			}
			catch (RuntimeException | Error ex) {
				logger.error("Who is told of connections failed at {}", connection, ex);
			}
		}
	}

	/**
	 * Counts a client that was turned away.
	 */
	public void refused(String listener, RefusalReason reason) {
		of(listener).refused(reason);
	}

	/**
	 * How many clients of a listener were turned away for this reason.
	 */
	public long refusals(String listener, RefusalReason reason) {
		return of(listener).refusals(reason);
	}

	/**
	 * Counts an attempt to accept a connection that failed, for want of file descriptors
	 * above all; the client waits in the backlog.
	 */
	public void acceptFailed(String listener) {
		of(listener).acceptFailed();
	}

	/**
	 * How many attempts of a listener to accept a connection failed.
	 */
	public long acceptErrors(String listener) {
		return of(listener).acceptErrors();
	}

	/**
	 * What a listener's connections are counted in that are served by this event loop
	 * alone.
	 */
	public Traffic trafficOf(String listener, Object eventLoop) {
		return of(listener).trafficOf(eventLoop);
	}

	/**
	 * What a listener's connections are counted in that are served by threads.
	 */
	public Traffic trafficOfThreads(String listener) {
		return of(listener).trafficOfThreads();
	}

	/**
	 * Calls back for each connection that opens from now on, on its event loop: what is
	 * called must not block.
	 */
	public void onOpened(Consumer<OpenConnection> listener) {
		this.openListeners.add(listener);
	}

	/**
	 * Calls back for each connection that closes from now on, on its event loop, while it
	 * is still among the open ones: what is called must not block.
	 */
	public void onClosed(Consumer<ClosedConnection> listener) {
		this.closeListeners.add(listener);
	}

	/**
	 * The open connections, as a live view.
	 */
	public Collection<OpenConnection> connections() {
		return this.openView;
	}

	/**
	 * The open connections of a listener, as a live view.
	 */
	public Collection<ServedConnection> connections(String listener) {
		return of(listener).open();
	}

	/**
	 * The connections that were accepted and are not ready, as a live view.
	 */
	public Collection<Arrival> arrivals(String listener) {
		return of(listener).arrivals();
	}

	/**
	 * Those of all listeners, as a live view.
	 */
	public Collection<Arrival> arrivals() {
		return this.arrivalsView;
	}

	/**
	 * Waits until no connection of a listener is open or arriving.
	 * @return whether that is so; not when it took longer than so many nanoseconds
	 */
	public boolean awaitNone(String listener, long timeoutNanos) {
		long deadline = System.nanoTime() + timeoutNanos;
		while (!of(listener).isEmpty() && !Thread.currentThread().isInterrupted()) {
			if (deadline - System.nanoTime() < 0) {
				return false;
			}
			LockSupport.parkNanos(this, TICK_NANOS);
		}
		return of(listener).isEmpty();
	}

	/**
	 * The open connection with this id; null when there is none.
	 */
	public @Nullable OpenConnection connection(String id) {
		return this.listeners.values()
			.stream()
			.map((listener) -> listener.connection(id))
			.filter(Objects::nonNull)
			.findAny()
			.orElse(null);
	}

	/**
	 * The last connections that closed, the latest first; without the silent ones.
	 */
	public List<ClosedConnection> closedConnections() {
		return this.closed.latestFirst(null);
	}

	/**
	 * Those of them that closed no longer ago than that.
	 */
	List<ClosedConnection> closedConnections(Duration since) {
		return this.closed.latestFirst(since);
	}

	/**
	 * Lets go of closed connections that were kept long enough.
	 */
	void forgetExpired() {
		this.closed.forgetExpired();
	}

	/**
	 * What a listener's connections amount to. No figure but {@code active} ever falls.
	 */
	public ConnectionTotals totals(String listener) {
		return of(listener).totals();
	}

	private ListenerConnections of(String listener) {
		ListenerConnections known = this.listeners.get(listener);
		return (known != null) ? known : this.listeners.computeIfAbsent(listener, (name) -> new ListenerConnections());
	}

	/**
	 * What all listeners have. Its size is not counted one by one.
	 */
	private final class View<T> extends AbstractCollection<T> {

		private final Function<ListenerConnections, Collection<? extends T>> ofListener;

		View(Function<ListenerConnections, Collection<? extends T>> ofListener) {
			this.ofListener = ofListener;
		}

		@Override
		public Iterator<T> iterator() {
			return ConnectionRegistry.this.listeners.values()
				.stream()
				.<T>flatMap((listener) -> this.ofListener.apply(listener).stream())
				.iterator();
		}

		@Override
		public int size() {
			return ConnectionRegistry.this.listeners.values()
				.stream()
				.mapToInt((listener) -> this.ofListener.apply(listener).size())
				.sum();
		}

	}

}
