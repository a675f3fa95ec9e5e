package dev.echod.connection;

/**
 * How many bytes a connection of a listener may send and be sent in a second, in the long
 * run; 0 is no limit.
 *
 * @param read of the peer's bytes
 * @param write of those that are sent to it
 */
public record ByteRates(long read, long write) {

	public static final ByteRates NONE = new ByteRates(0, 0);

	public boolean isNone() {
		return this.read == 0 && this.write == 0;
	}

	/**
	 * How many bytes are to be read at once, at most: after more the connection would be
	 * silent for long.
	 */
	public int mostAtOnce() {
		return (int) Math.min(Integer.MAX_VALUE, Math.min(burst(this.read), burst(this.write)));
	}

	private static long burst(long rate) {
		return (rate > 0) ? ByteRate.burst(rate) : Long.MAX_VALUE;
	}

}
