package dev.echod.connection;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * The open connections of one listener, and what all it had amount to.
 */
final class ListenerConnections {

	private final Map<String, ServedConnection> open = new ConcurrentHashMap<>();

	private final Collection<ServedConnection> openView = Collections.unmodifiableCollection(this.open.values());

	private final Set<Arrival> arrivals = ConcurrentHashMap.newKeySet();

	private final Set<Arrival> arrivalsView = Collections.unmodifiableSet(this.arrivals);

	private final LongAdder opened = new LongAdder();

	private final LongAdder closed = new LongAdder();

	private final LongAdder silent = new LongAdder();

	private final Map<RefusalReason, LongAdder> refused = new ConcurrentHashMap<>();

	private final LongAdder acceptErrors = new LongAdder();

	private final Map<Object, Traffic> byEventLoop = new ConcurrentHashMap<>();

	private final Traffic byThreads = new Traffic.OfThreads();

	void opened(ServedConnection connection) {
		this.opened.increment();
		this.open.put(connection.id(), connection);
	}

	void closed(ServedConnection connection, boolean wasSilent) {
		countClosed(wasSilent);
		this.open.remove(connection.id());
	}

	private void countClosed(boolean wasSilent) {
		(wasSilent ? this.silent : this.closed).increment();
	}

	/**
	 * One was never ready.
	 */
	void failed(boolean wasSilent) {
		this.opened.increment();
		countClosed(wasSilent);
	}

	void arriving(Arrival arrival) {
		this.arrivals.add(arrival);
	}

	boolean arrived(Arrival arrival) {
		return this.arrivals.remove(arrival);
	}

	Set<Arrival> arrivals() {
		return this.arrivalsView;
	}

	boolean isEmpty() {
		// In this order: who is ready is among the open before it has arrived.
		return this.arrivals.isEmpty() && this.open.isEmpty();
	}

	Collection<ServedConnection> open() {
		return this.openView;
	}

	@Nullable ServedConnection connection(String id) {
		return this.open.get(id);
	}

	void refused(RefusalReason reason) {
		this.refused.computeIfAbsent(reason, (key) -> new LongAdder()).increment();
	}

	long refusals(RefusalReason reason) {
		LongAdder count = this.refused.get(reason);
		return (count != null) ? count.sum() : 0;
	}

	void acceptFailed() {
		this.acceptErrors.increment();
	}

	long acceptErrors() {
		return this.acceptErrors.sum();
	}

	Traffic trafficOf(Object eventLoop) {
		Traffic known = this.byEventLoop.get(eventLoop);
		return (known != null) ? known
				: this.byEventLoop.computeIfAbsent(eventLoop, (key) -> new Traffic.OfOneThread());
	}

	Traffic trafficOfThreads() {
		return this.byThreads;
	}

	ConnectionTotals totals() {
		// In this order, so that none is closed that was not opened.
		long allClosed = this.closed.sum();
		long allSilent = this.silent.sum();
		long bytesReceived = this.byThreads.bytesReceived();
		long bytesSent = this.byThreads.bytesSent();
		long messages = this.byThreads.messages();
		for (Traffic traffic : this.byEventLoop.values()) {
			bytesReceived += traffic.bytesReceived();
			bytesSent += traffic.bytesSent();
			messages += traffic.messages();
		}
		return new ConnectionTotals(this.arrivals.size(), this.open.size(), this.opened.sum(), allClosed, allSilent,
				this.refused.values().stream().mapToLong(LongAdder::sum).sum(), bytesReceived, bytesSent, messages);
	}

}
