package dev.echod.drain;

/**
 * How a drain ended.
 */
public enum DrainOutcome {

	/**
	 * Every connection ended in order before the deadline.
	 */
	CLEAN,

	/**
	 * Some were left at the deadline, and reset.
	 */
	FORCED,

	/**
	 * An operator called it off.
	 */
	CANCELLED

}
