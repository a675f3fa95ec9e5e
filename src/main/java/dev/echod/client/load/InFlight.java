package dev.echod.client.load;

import java.util.Arrays;

/**
 * The messages of a connection that were sent and whose replies have not come: when each
 * was due, when it was sent, and how late this client was with that. Of those that were
 * sent together it is known once. Replies come in the order of their messages. Used on
 * the connection's event loop.
 */
final class InFlight {

	private static final int DUE = 0;

	private static final int WRITTEN = 1;

	private static final int LAG = 2;

	private static final int COUNT = 3;

	private static final int WIDTH = 4;

	/**
	 * So many numbers of each run of messages, in as many slots as a power of two.
	 */
	private long[] runs = new long[WIDTH];

	private long added;

	private long removed;

	private int count;

	void add(long dueAt, long writtenAt, long lag) {
		this.count++;
		if (this.added > this.removed) {
			int newest = slot(this.added - 1);
			if (this.runs[newest + WRITTEN] == writtenAt && this.runs[newest + DUE] == dueAt
					&& this.runs[newest + LAG] == lag) {
				this.runs[newest + COUNT]++;
				return;
			}
		}
		if ((this.added - this.removed) * WIDTH == this.runs.length) {
			grow();
		}
		int slot = slot(this.added++);
		this.runs[slot + DUE] = dueAt;
		this.runs[slot + WRITTEN] = writtenAt;
		this.runs[slot + LAG] = lag;
		this.runs[slot + COUNT] = 1;
	}

	private void grow() {
		long[] before = this.runs;
		int from = slot(this.removed);
		this.runs = Arrays.copyOfRange(before, from, from + 2 * before.length);
		System.arraycopy(before, 0, this.runs, before.length - from, from);
		this.added -= this.removed;
		this.removed = 0;
	}

	private int slot(long number) {
		return (int) (number & (this.runs.length / WIDTH - 1)) * WIDTH;
	}

	/**
	 * Takes away some of the oldest that were sent together: their replies came.
	 * @param some not more than {@link #oldestCount()}
	 */
	void remove(int some) {
		int slot = slot(this.removed);
		this.count -= some;
		this.runs[slot + COUNT] -= some;
		if (this.runs[slot + COUNT] == 0) {
			this.removed++;
		}
	}

	int count() {
		return this.count;
	}

	/**
	 * How many were sent together with the oldest, which counts too; there is one.
	 */
	int oldestCount() {
		return (int) this.runs[slot(this.removed) + COUNT];
	}

	/**
	 * When the oldest was due; there is one.
	 */
	long oldestDue() {
		return this.runs[slot(this.removed) + DUE];
	}

	/**
	 * When the oldest was sent; there is one.
	 */
	long oldestWritten() {
		return this.runs[slot(this.removed) + WRITTEN];
	}

	/**
	 * How late this client was with sending the oldest; there is one.
	 */
	long oldestLag() {
		return this.runs[slot(this.removed) + LAG];
	}

	/**
	 * How many were due at a time or later.
	 */
	int countDueFrom(long nanos) {
		int from = 0;
		for (long i = this.removed; i < this.added; i++) {
			if (this.runs[slot(i) + DUE] >= nanos) {
				from += (int) this.runs[slot(i) + COUNT];
			}
		}
		return from;
	}

}
