package dev.echod.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the open connections of all listeners, the last that closed, and what they amount
 * to. Adding and removing take constant time; any thread may call.
 */
public class ConnectionRegistry {

	private static final int CLOSED_KEPT = 1_000;

	private static final Logger logger = LoggerFactory.getLogger(ConnectionRegistry.class);

	private final Map<String, OpenConnection> open = new ConcurrentHashMap<>();

	private final Collection<OpenConnection> openView = Collections.unmodifiableCollection(this.open.values());

	private final Deque<ClosedConnection> closed = new ArrayDeque<>();

	private final List<Consumer<ClosedConnection>> closeListeners = new CopyOnWriteArrayList<>();

	private final Map<String, Past> past = new ConcurrentHashMap<>();

	/**
	 * Shared by connections that close, exclusive for who adds up: none is counted twice
	 * or left out while it moves from the open to the past.
	 */
	private final ReadWriteLock moving = new ReentrantReadWriteLock();

	public void opened(OpenConnection connection) {
		this.moving.readLock().lock();
		try {
			past(connection.listener()).opened.increment();
			this.open.put(connection.id(), connection);
		}
		finally {
			this.moving.readLock().unlock();
		}
		logger.debug("{} opened by {}", connection.id(), connection.peer());
	}

	public void closed(OpenConnection connection, CloseReason reason) {
		ClosedConnection ended = new ClosedConnection(connection.id(), connection.listener(), connection.peer(),
				connection.openedAt(), Duration.between(connection.openedAt(), Instant.now()), reason,
				connection.bytesReceived(), connection.bytesSent(), connection.messages());
		// Before it is gone: who waits for the last one to go has then been told of all.
		this.closeListeners.forEach((listener) -> listener.accept(ended));
		this.moving.readLock().lock();
		try {
			this.open.remove(connection.id());
			past(connection.listener()).add(ended);
		}
		finally {
			this.moving.readLock().unlock();
		}
		synchronized (this.closed) {
			if (this.closed.size() == CLOSED_KEPT) {
				this.closed.removeLast();
			}
			this.closed.addFirst(ended);
		}
		logger.debug("{} of {} closed, {}: {} bytes received, {} sent, {} messages", ended.id(), ended.peer(), reason,
				ended.bytesReceived(), ended.bytesSent(), ended.messages());
	}

	/**
	 * Counts a client that was turned away.
	 */
	public void refused(String listener, RefusalReason reason) {
		past(listener).refused(reason).increment();
	}

	/**
	 * How many clients of a listener were turned away for this reason.
	 */
	public long refusals(String listener, RefusalReason reason) {
		return past(listener).refused(reason).sum();
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
	 * The open connection with this id; null when there is none.
	 */
	public @Nullable OpenConnection connection(String id) {
		return this.open.get(id);
	}

	/**
	 * The last connections that closed, the latest first.
	 */
	public List<ClosedConnection> closedConnections() {
		synchronized (this.closed) {
			return List.copyOf(this.closed);
		}
	}

	/**
	 * Adds up a listener's connections. No figure but {@code active} ever falls.
	 */
	public ConnectionTotals totals(String listener) {
		this.moving.writeLock().lock();
		try {
			Past past = past(listener);
			long active = 0;
			long bytesReceived = past.bytesReceived.sum();
			long bytesSent = past.bytesSent.sum();
			long messages = past.messages.sum();
			for (OpenConnection connection : this.openView) {
				if (connection.listener().equals(listener)) {
					active++;
					bytesReceived += connection.bytesReceived();
					bytesSent += connection.bytesSent();
					messages += connection.messages();
				}
			}
			return new ConnectionTotals(active, past.opened.sum(), past.closed.sum(), past.refusals(), bytesReceived,
					bytesSent, messages);
		}
		finally {
			this.moving.writeLock().unlock();
		}
	}

	private Past past(String listener) {
		return this.past.computeIfAbsent(listener, (name) -> new Past());
	}

	private static final class Past {

		private final LongAdder opened = new LongAdder();

		private final LongAdder closed = new LongAdder();

		private final Map<RefusalReason, LongAdder> refused = new ConcurrentHashMap<>();

		private final LongAdder bytesReceived = new LongAdder();

		private final LongAdder bytesSent = new LongAdder();

		private final LongAdder messages = new LongAdder();

		LongAdder refused(RefusalReason reason) {
			return this.refused.computeIfAbsent(reason, (key) -> new LongAdder());
		}

		long refusals() {
			return this.refused.values().stream().mapToLong(LongAdder::sum).sum();
		}

		void add(ClosedConnection ended) {
			this.closed.increment();
			this.bytesReceived.add(ended.bytesReceived());
			this.bytesSent.add(ended.bytesSent());
			this.messages.add(ended.messages());
		}

	}

}
