package dev.echod.listener;

/**
 * What the access log tells of each connection.
 */
public enum AccessLogMode {

	/**
	 * Nothing.
	 */
	OFF,
	/**
	 * That it closed.
	 */
	CLOSED,
	/**
	 * That it was opened, and that it closed.
	 */
	OPENED_AND_CLOSED

}
