package dev.echod.client.load;

import java.util.Locale;

/**
 * When the messages of an open loop are due.
 */
enum Arrival {

	/**
	 * All at the same distance.
	 */
	UNIFORM,

	/**
	 * At random, as from many who know nothing of each other.
	 */
	POISSON;

	/**
	 * The name as in the option: {@code uniform}.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
