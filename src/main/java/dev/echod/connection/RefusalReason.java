package dev.echod.connection;

/**
 * Why a client was turned away. Whom the system refuses while nothing listens is not
 * counted: nobody but the client learns of it.
 */
public enum RefusalReason {

	/**
	 * The listener was about to stop.
	 */
	STOPPING,

	/**
	 * As many processes ran as the listener may have.
	 */
	PROCESS_LIMIT

}
