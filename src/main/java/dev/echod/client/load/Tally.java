package dev.echod.client.load;

import java.lang.management.ManagementFactory;

/**
 * What an event loop measures, until it is taken from it. Used on that event loop.
 */
final class Tally {

	private Figures figures = new Figures();

	private int open;

	private long lastReply = Long.MIN_VALUE;

	private long cpuFrom;

	private long cpuNanos;

	/**
	 * Begins to measure the processor time.
	 */
	void begin() {
		this.cpuFrom = cpuTime();
	}

	/**
	 * Ends to measure the processor time.
	 */
	void end() {
		this.cpuNanos = cpuTime() - this.cpuFrom;
	}

	private static long cpuTime() {
		return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
	}

	void opened() {
		this.open++;
	}

	void closed() {
		this.open--;
	}

	/**
	 * A reply came that counts.
	 */
	void replied(long now) {
		this.lastReply = now;
	}

	Figures figures() {
		return this.figures;
	}

	/**
	 * Takes what was measured since the last time.
	 * @param next what is measured from now on goes there
	 */
	Sample take(Figures next) {
		Figures taken = this.figures;
		this.figures = next;
		return new Sample(taken, this.open, this.lastReply, this.cpuNanos);
	}

	/**
	 * What was measured in a time.
	 *
	 * @param open connections there are
	 * @param lastReply when the last reply came
	 * @param cpuNanos processor time that all took, once it is done
	 */
	record Sample(Figures figures, int open, long lastReply, long cpuNanos) {

	}

}
