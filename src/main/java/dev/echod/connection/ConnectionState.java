package dev.echod.connection;

/**
 * Where a connection is in its life.
 */
public enum ConnectionState {

	/**
	 * Messages are received and answered.
	 */
	OPEN,

	/**
	 * What is owed is sent, and nothing more is answered.
	 */
	CLOSING

}
