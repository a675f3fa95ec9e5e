package dev.echod.connection;

import org.jspecify.annotations.Nullable;

/**
 * Which part of what was found is wanted, and in which order.
 *
 * @param sort the name of a figure, with '-' before it for the largest first; null is the
 * usual order
 * @param offset how many are passed over
 * @param limit how many come at most
 */
public record Paging(@Nullable String sort, int offset, int limit) {

	/**
	 * How many come when nobody says.
	 */
	public static final int DEFAULT_LIMIT = 100;

	/**
	 * How many can be had at once.
	 */
	public static final int MAX_LIMIT = 1_000;

}
