package dev.echod.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The last connections that closed, as many and as long as it is to keep. Whoever adds or
 * reads waits for nobody.
 */
final class RecentlyClosed {

	private final AtomicReferenceArray<@Nullable Kept> ring;

	private final AtomicLong count = new AtomicLong();

	private final Duration age;

	private final LongSupplier nanoClock;

	/**
	 * Create one that is empty.
	 * @param nanoClock as {@link System#nanoTime()}
	 */
	RecentlyClosed(ClosedConnectionsProperties properties, LongSupplier nanoClock) {
		this.ring = new AtomicReferenceArray<>(properties.count());
		this.age = properties.age();
		this.nanoClock = nanoClock;
	}

	void add(ClosedConnection connection) {
		if (this.ring.length() > 0) {
			this.ring.set(slot(this.count.getAndIncrement()), new Kept(connection, this.nanoClock.getAsLong()));
		}
	}

	private int slot(long number) {
		return (int) (number % this.ring.length());
	}

	/**
	 * Those that closed no longer ago than that.
	 * @param since null is as long ago as they are kept
	 */
	List<ClosedConnection> latestFirst(@Nullable Duration since) {
		List<ClosedConnection> found = new ArrayList<>();
		long now = this.nanoClock.getAsLong();
		long end = this.count.get();
		for (long number = end - 1; number >= Math.max(0, end - this.ring.length()); number--) {
			Kept kept = this.ring.get(slot(number));
			if (kept != null && !isExpired(kept, now) && (since == null || kept.age(now).compareTo(since) <= 0)) {
				found.add(kept.connection());
			}
		}
		return List.copyOf(found);
	}

	private boolean isExpired(Kept kept, long now) {
		return this.age.isPositive() && kept.age(now).compareTo(this.age) > 0;
	}

	/**
	 * Lets go of those that were kept long enough: nobody may close for long who would
	 * take their place.
	 */
	void forgetExpired() {
		long now = this.nanoClock.getAsLong();
		for (int slot = 0; slot < this.ring.length(); slot++) {
			Kept kept = this.ring.get(slot);
			if (kept != null && isExpired(kept, now)) {
				this.ring.compareAndSet(slot, kept, null);
			}
		}
	}

	/**
	 * A closed connection, and when it closed by a clock that nobody sets.
	 */
	private record Kept(ClosedConnection connection, long closedNanos) {

		Duration age(long now) {
			return Duration.ofNanos(now - this.closedNanos);
		}

	}

}
