package dev.echod.drain;

/**
 * Says how many connections may be closed by now, so that their clients do not all come
 * back at once. What was not used in a quarter of a second is not saved up.
 */
final class ClosePace {

	private static final double SAVED_SECONDS = 0.25;

	private final int perSecond;

	private double allowance;

	private long latestNanos;

	/**
	 * Create a pace.
	 * @param perSecond closes in a second; 0 is no limit
	 */
	ClosePace(int perSecond, long nanos) {
		this.perSecond = perSecond;
		this.latestNanos = nanos;
	}

	/**
	 * How many may be closed now.
	 */
	int allowed(long nanos) {
		if (this.perSecond == 0) {
			return Integer.MAX_VALUE;
		}
		double earned = (nanos - this.latestNanos) / 1e9 * this.perSecond;
		double most = Math.max(1, SAVED_SECONDS * this.perSecond);
		this.allowance = Math.min(this.allowance + earned, most);
		this.latestNanos = nanos;
		return (int) this.allowance;
	}

	void closed() {
		this.allowance--;
	}

}
