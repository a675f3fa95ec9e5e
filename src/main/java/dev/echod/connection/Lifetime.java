package dev.echod.connection;

/**
 * How old each connection may become: those that came together do not leave together, and
 * come back together.
 */
final class Lifetime {

	private static final int PARTS_BITS = 10;

	/**
	 * Of the last tenth.
	 */
	private static final int PARTS = 1 << PARTS_BITS;

	/**
	 * 2^32 through the golden ratio: spreads ids that follow one another evenly.
	 */
	private static final int SPREAD = 0x9E3779B9;

	private Lifetime() {
	}

	/**
	 * A part of the most that any may have, from 90 % to all of it; always the same for
	 * the same connection.
	 */
	static long of(String id, long mostNanos) {
		int part = (id.hashCode() * SPREAD) >>> (Integer.SIZE - PARTS_BITS);
		return mostNanos - mostNanos / 10 / PARTS * part;
	}

}
