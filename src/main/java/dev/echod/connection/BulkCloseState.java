package dev.echod.connection;

/**
 * Where a bulk close is.
 */
public enum BulkCloseState {

	/**
	 * None has been paced yet.
	 */
	IDLE,

	/**
	 * It is only said what would be done.
	 */
	PLANNED,

	/**
	 * Connections are being closed.
	 */
	RUNNING,

	/**
	 * All that matched have had their turn.
	 */
	DONE,

	/**
	 * It was called off, by an operator or by a drain; who had not had its turn is left
	 * alone.
	 */
	CANCELLED

}
