package dev.echod.drain;

/**
 * How a drain ended.
 */
public enum DrainOutcome {

	/**
	 * Every connection ended in order, or by its client, before the deadline.
	 */
	CLEAN,

	/**
	 * Some were cut off: left at the deadline and reset, or ended by a failure, as slow
	 * readers, or by an operator's reset.
	 */
	FORCED,

	/**
	 * An operator called it off.
	 */
	CANCELLED

}
