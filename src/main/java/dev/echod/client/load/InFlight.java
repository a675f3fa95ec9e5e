package dev.echod.client.load;

import java.util.Arrays;

/**
 * The messages of a connection that were sent and whose replies have not come: when each
 * was due, when it was sent, and how late this client was with that. Replies come in the
 * order of their messages. Used on the connection's event loop.
 */
final class InFlight {

	private static final int DUE = 0;

	private static final int WRITTEN = 1;

	private static final int LAG = 2;

	private static final int WIDTH = 3;

	/**
	 * So many numbers of each message, in as many slots as a power of two.
	 */
	private long[] times = new long[WIDTH];

	private long added;

	private long removed;

	void add(long dueAt, long writtenAt, long lag) {
		if (count() * WIDTH == this.times.length) {
			grow();
		}
		int slot = slot(this.added++);
		this.times[slot + DUE] = dueAt;
		this.times[slot + WRITTEN] = writtenAt;
		this.times[slot + LAG] = lag;
	}

	private void grow() {
		long[] before = this.times;
		int from = slot(this.removed);
		this.times = Arrays.copyOfRange(before, from, from + 2 * before.length);
		System.arraycopy(before, 0, this.times, before.length - from, from);
		this.added = count();
		this.removed = 0;
	}

	private int slot(long number) {
		return (int) (number & (this.times.length / WIDTH - 1)) * WIDTH;
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
	 * When the oldest was due, of which there is one.
	 */
	long oldestDue() {
		return this.times[slot(this.removed) + DUE];
	}

	/**
	 * When the oldest was sent, of which there is one.
	 */
	long oldestWritten() {
		return this.times[slot(this.removed) + WRITTEN];
	}

	/**
	 * How late this client was with sending the oldest, of which there is one.
	 */
	long oldestLag() {
		return this.times[slot(this.removed) + LAG];
	}

	/**
	 * How many were due at a time or later.
	 */
	int countDueFrom(long nanos) {
		int count = 0;
		for (long i = this.removed; i < this.added; i++) {
			if (this.times[slot(i) + DUE] >= nanos) {
				count++;
			}
		}
		return count;
	}

}
