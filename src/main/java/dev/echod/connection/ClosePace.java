package dev.echod.connection;

/**
 * Says how many connections may be closed by now, so that their clients do not all come
 * back at once. What was not used in a quarter of a second is not saved up.
 */
public final class ClosePace {

	/**
	 * The fastest that can be set, in closes in a second.
	 */
	public static final int MAX_PER_SECOND = 1_000_000;

	private static final double SAVED_SECONDS = 0.25;

	private volatile int perSecond;

	private double allowance;

	private long latestNanos;

	/**
	 * Create a pace.
	 * @param perSecond closes in a second; 0 is no limit
	 * @param nanos the time, as {@link System#nanoTime()}, here and below
	 */
	public ClosePace(int perSecond, long nanos) {
		this.perSecond = perSecond;
		this.latestNanos = nanos;
	}

	/**
	 * Makes it as fast as another, unless it is faster; from any thread.
	 * @param otherPerSecond closes in a second; 0 is no limit
	 */
	public void atLeast(int otherPerSecond) {
		if (this.perSecond != 0 && (otherPerSecond == 0 || otherPerSecond > this.perSecond)) {
			this.perSecond = otherPerSecond;
		}
	}

	/**
	 * Closes in a second; 0 is no limit.
	 */
	public int perSecond() {
		return this.perSecond;
	}

	/**
	 * Counts from now on.
	 */
	public void start(long nanos) {
		this.latestNanos = nanos;
	}

	/**
	 * How many may be closed now.
	 */
	public int allowed(long nanos) {
		int rate = this.perSecond;
		if (rate == 0) {
			return Integer.MAX_VALUE;
		}
		double earned = (nanos - this.latestNanos) / 1e9 * rate;
		double most = Math.max(1, SAVED_SECONDS * rate);
		this.allowance = Math.min(this.allowance + earned, most);
		this.latestNanos = nanos;
		return (int) this.allowance;
	}

	/**
	 * One was closed.
	 */
	public void closed() {
		this.allowance--;
	}

}
