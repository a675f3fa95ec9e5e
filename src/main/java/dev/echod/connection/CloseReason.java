package dev.echod.connection;

/**
 * Why a connection ended.
 */
public enum CloseReason {

	/**
	 * The peer sent its FIN, and everything owed to it was sent.
	 */
	PEER_CLOSED,

	/**
	 * The peer reset the connection, or vanished while something was sent to it.
	 */
	PEER_RESET,

	/**
	 * An operator closed the connection, in order or with a reset.
	 */
	OPERATOR_CLOSED,

	/**
	 * A drain closed the connection: it owed nothing and had been quiet.
	 */
	DRAINED,

	/**
	 * A drain reset the connection at its deadline.
	 */
	DRAIN_DEADLINE,

	/**
	 * The application closed the connection.
	 */
	CLOSED,

	/**
	 * The listener stopped.
	 */
	LISTENER_STOPPED,

	/**
	 * Nothing was read for longer than the connection factory's {@code soTimeout}.
	 */
	READ_TIMEOUT,

	/**
	 * The bytes received were no message of the connection's deserializer.
	 */
	INVALID_MESSAGE,

	/**
	 * The service failed to handle a message.
	 */
	SERVICE_FAILED,

	/**
	 * Reading or writing failed in another way; the log says how, at DEBUG.
	 */
	IO_ERROR

}
