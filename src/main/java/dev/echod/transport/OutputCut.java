package dev.echod.transport;

/**
 * The event that nothing can be written any more to a channel that is still read: a write
 * has failed.
 */
enum OutputCut {

	/**
	 * The only one.
	 */
	INSTANCE

}
