package dev.echod.connection;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Ends connections while memory is short: those that have had more than a little of it
 * for five seconds and have not got on meanwhile, the largest first, a quarter of them at
 * each look. Who needs little is left alone, and so is who gets on. Used by one thread.
 */
final class MemoryWatch {

	private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

	private static final int SHARE = 4;

	private final Collection<ServedConnection> connections;

	private final LongSupplier mostForEach;

	private final LongSupplier nanoClock;

	/**
	 * Of those that have more than a little: since when they have not got on.
	 */
	private final Map<ServedConnection, Holding> holdings = new HashMap<>();

	/**
	 * Create a watch.
	 * @param connections those of a listener, as a live view
	 * @param mostForEach how much each may have now, in bytes; without limit while there
	 * is enough
	 */
	MemoryWatch(Collection<ServedConnection> connections, LongSupplier mostForEach, LongSupplier nanoClock) {
		this.connections = connections;
		this.mostForEach = mostForEach;
		this.nanoClock = nanoClock;
	}

	void sweep() {
		long most = this.mostForEach.getAsLong();
		if (most == Long.MAX_VALUE) {
			this.holdings.clear();
			return;
		}
		long now = this.nanoClock.getAsLong();
		Map<ServedConnection, Holding> before = Map.copyOf(this.holdings);
		this.holdings.clear();
		List<Holding> stuck = new ArrayList<>();
		for (ServedConnection connection : this.connections) {
			long bytes = connection.memoryBytes();
			if (bytes > most) {
				Holding holding = Holding.of(connection, bytes, before.get(connection), now);
				this.holdings.put(connection, holding);
				if (now - holding.sinceNanos() >= LIMIT_NANOS) {
					stuck.add(holding);
				}
			}
		}
		stuck.sort(Comparator.comparingLong(Holding::bytes).reversed());
		stuck.subList(0, Math.ceilDiv(stuck.size(), SHARE))
			.forEach((holding) -> holding.connection().reset(CloseReason.MEMORY_SHORT));
	}

	/**
	 * What one connection has.
	 *
	 * @param messages received by then
	 * @param pendingBytes that waited for the peer then
	 */
	private record Holding(ServedConnection connection, long bytes, long messages, long pendingBytes, long sinceNanos) {

		static Holding of(ServedConnection connection, long bytes, @Nullable Holding before, long now) {
			long messages = connection.messages();
			long pendingBytes = connection.pendingBytes();
			long since = (before != null && before.messages == messages && before.pendingBytes == pendingBytes)
					? before.sinceNanos : now;
			return new Holding(connection, bytes, messages, pendingBytes, since);
		}

	}

}
