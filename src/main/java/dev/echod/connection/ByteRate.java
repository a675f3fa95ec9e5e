package dev.echod.connection;

/**
 * So many bytes a second, in the long run: what a tenth of a second is worth may come at
 * once. More may be taken than there is, as bytes are counted when they have come; it is
 * then waited for longer. Used by one thread at a time.
 */
final class ByteRate {

	private static final int BURSTS_PER_SECOND = 10;

	private static final double NANOS = 1e9;

	/**
	 * The least burst: less than that would be many reads for few bytes.
	 */
	private static final long LEAST_BURST = 1024;

	private final long perSecond;

	/**
	 * How many bytes may come now; below 0, how many have come too soon.
	 */
	private double left;

	private long sinceNanos;

	/**
	 * Create a rate that nothing was taken of yet.
	 * @param perSecond from 1
	 * @param nowNanos in the manner of {@link System#nanoTime()}, here and below
	 */
	ByteRate(long perSecond, long nowNanos) {
		this.perSecond = perSecond;
		this.left = burst(perSecond);
		this.sinceNanos = nowNanos;
	}

	/**
	 * How many bytes may come at once.
	 */
	static long burst(long perSecond) {
		return Math.max(LEAST_BURST, perSecond / BURSTS_PER_SECOND);
	}

	/**
	 * Bytes have come.
	 * @return how long it is until the next may come; 0 when they may now
	 */
	long take(long bytes, long nowNanos) {
		double gained = (nowNanos - this.sinceNanos) * (this.perSecond / NANOS);
		this.left = Math.min((double) burst(this.perSecond), this.left + gained) - bytes;
		this.sinceNanos = nowNanos;
		return (this.left < 0) ? (long) Math.ceil(-this.left / this.perSecond * NANOS) : 0;
	}

}
