package dev.echod.client.load;

/**
 * The messages of a connection that were sent and whose replies have not come: when each
 * was due, and when it was sent. Replies come in the order of their messages. Used on the
 * connection's event loop.
 */
final class InFlight {

	/**
	 * When each was due, by its number.
	 */
	private final long[] due;

	/**
	 * When each was sent.
	 */
	private final long[] written;

	private final int mask;

	private long added;

	private long removed;

	/**
	 * Create one that is empty.
	 * @param most how many there are at most
	 */
	InFlight(int most) {
		int slots = Integer.highestOneBit(Math.max(1, 2 * most - 1));
		this.due = new long[slots];
		this.written = new long[slots];
		this.mask = slots - 1;
	}

	void add(long dueAt, long writtenAt) {
		int slot = (int) this.added++ & this.mask;
		this.due[slot] = dueAt;
		this.written[slot] = writtenAt;
	}

	/**
	 * Takes away the oldest: its reply came.
	 */
	void remove() {
		this.removed++;
	}

	int count() {
		return (int) (this.added - this.removed);
	}

	/**
	 * How many were taken away.
	 */
	long removed() {
		return this.removed;
	}

	/**
	 * When the oldest was due, of which there is one.
	 */
	long oldestDue() {
		return this.due[(int) this.removed & this.mask];
	}

	/**
	 * When the oldest was sent, of which there is one.
	 */
	long oldestWritten() {
		return this.written[(int) this.removed & this.mask];
	}

	/**
	 * How many were due at a time or later.
	 */
	int countDueFrom(long nanos) {
		int count = 0;
		for (long i = this.removed; i < this.added; i++) {
			if (this.due[(int) i & this.mask] >= nanos) {
				count++;
			}
		}
		return count;
	}

}
