package dev.echod.client.load;

/**
 * What a load has come to.
 */
enum Verdict {

	/**
	 * The figures are the target's.
	 */
	VALID,

	/**
	 * This client was too late for the figures to be the target's.
	 */
	CLIENT_BOUND,

	/**
	 * The target did not return what it was sent.
	 */
	TARGET_FAILED

}
