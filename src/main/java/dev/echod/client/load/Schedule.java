package dev.echod.client.load;

import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

/**
 * When the messages of one connection are due in an open loop, whatever became of those
 * before. Together the connections' schedules make the rate: what is uniform for each is
 * so for all, as they begin one after the other, and many at random are again at random.
 * Used on one event loop.
 */
final class Schedule {

	private static final double ROUNDING = 1e-6;

	/**
	 * Nanoseconds between two messages.
	 */
	private final double interval;

	/**
	 * Null when messages are due at the same distance.
	 */
	private final @Nullable SplittableRandom random;

	private double phase;

	private long begin;

	private long count;

	private double offset;

	/**
	 * Create the schedule of a connection.
	 * @param number of the connection, from 0
	 * @param connections how many there are
	 * @param rate messages a second of all connections
	 */
	Schedule(int number, int connections, double rate, Arrival arrival, long seed) {
		this.interval = 1e9 * connections / rate;
		this.random = (arrival == Arrival.POISSON) ? new SplittableRandom(seed + number) : null;
		this.phase = 1e9 * number / rate;
	}

	/**
	 * Begins.
	 * @param now as {@link System#nanoTime()}
	 */
	void begin(long now) {
		this.begin = now;
		this.count = 0;
		this.offset = (this.random != null) ? exponential(this.random) : this.phase;
	}

	/**
	 * When the next message is due, as {@link System#nanoTime()}.
	 */
	long next() {
		return this.begin + (long) this.offset;
	}

	/**
	 * Goes on to the message after it.
	 */
	void advance() {
		this.count++;
		this.offset = (this.random != null) ? this.offset + exponential(this.random)
				: this.phase + this.count * this.interval;
	}

	/**
	 * Leaves out what is due before a time.
	 */
	void skipTo(long nanos) {
		if (next() >= nanos) {
			return;
		}
		if (this.random != null) {
			// As long as from any other time: what is random remembers nothing.
			this.offset = (double) (nanos - this.begin) + exponential(this.random);
		}
		else {
			this.count = Math.max(this.count, (long) ((nanos - this.begin - this.phase) / this.interval));
			this.offset = this.phase + this.count * this.interval;
			while (next() < nanos) {
				advance();
			}
		}
	}

	/**
	 * How many more are due from one time to another; of those that are due at random, as
	 * many as are to be expected.
	 */
	long countBetween(long from, long to) {
		double first = Math.max((double) (from - this.begin), this.offset);
		if (this.random == null) {
			// The first of the grid that is not before it.
			first = this.phase + Math.ceil((first - this.phase) / this.interval - ROUNDING) * this.interval;
		}
		return Math.max(0, (long) Math.ceil((to - this.begin - first) / this.interval - ROUNDING));
	}

	private double exponential(SplittableRandom from) {
		return -Math.log(1 - from.nextDouble()) * this.interval;
	}

}
