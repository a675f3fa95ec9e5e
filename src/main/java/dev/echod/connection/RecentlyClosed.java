package dev.echod.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The last connections that closed, a thousand of them. Whoever adds or reads waits for
 * nobody.
 */
final class RecentlyClosed {

	private static final int KEPT = 1_000;

	private final AtomicReferenceArray<ClosedConnection> ring = new AtomicReferenceArray<>(KEPT);

	private final AtomicLong count = new AtomicLong();

	void add(ClosedConnection connection) {
		this.ring.set((int) (this.count.getAndIncrement() % KEPT), connection);
	}

	List<ClosedConnection> latestFirst() {
		List<ClosedConnection> found = new ArrayList<>();
		long end = this.count.get();
		for (long number = end - 1; number >= Math.max(0, end - KEPT); number--) {
			ClosedConnection connection = this.ring.get((int) (number % KEPT));
			if (connection != null) {
				found.add(connection);
			}
		}
		return List.copyOf(found);
	}

}
