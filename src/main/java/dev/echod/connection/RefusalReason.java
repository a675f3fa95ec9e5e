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
	PROCESS_LIMIT,

	/**
	 * The listener's access lists do not let the client's address in.
	 */
	ACCESS_DENIED,

	/**
	 * As many connections were open as the listener may have.
	 */
	CONNECTION_LIMIT,

	/**
	 * As many connections were open as the listener may have from the client's address,
	 * or with IPv6 from its /64.
	 */
	ADDRESS_LIMIT

}
