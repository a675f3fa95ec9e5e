package dev.echod.drain;

/**
 * Where the service is on its way out of use.
 */
public enum DrainState {

	/**
	 * Connections are accepted and served.
	 */
	SERVING,

	/**
	 * Connections are accepted and served, and readiness tells load balancers not to send
	 * more.
	 */
	ANNOUNCED,

	/**
	 * New clients are refused. Connections that are quiet are closed, busy ones are
	 * served on.
	 */
	DRAINING,

	/**
	 * New clients are refused, and no connection is left.
	 */
	DRAINED,

	/**
	 * The drain was called off; the listeners are being opened again.
	 */
	CANCELLED

}
