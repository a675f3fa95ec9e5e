package dev.echod.listener;

/**
 * Whether a listener takes connections.
 */
public enum ListenerState {

	/**
	 * It listens, and new connections are served.
	 */
	ACCEPTING,

	/**
	 * It does not listen; its open connections are served.
	 */
	PAUSED,

	/**
	 * It does not listen, and has no connections.
	 */
	STOPPED

}
