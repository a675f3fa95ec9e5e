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
	 * The peer reset the connection.
	 */
	PEER_RESET,

	/**
	 * The peer did not answer any more, or cannot be reached: the system gave it up.
	 */
	PEER_VANISHED,

	/**
	 * An operator closed the connection in order.
	 */
	OPERATOR_CLOSED,

	/**
	 * An operator closed the connection with a reset.
	 */
	OPERATOR_RESET,

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
	 * Nothing was read, written or owed for longer than the listener's {@code idle}.
	 */
	IDLE_TIMEOUT,

	/**
	 * The connection was as old as the listener's {@code max-age} lets it become.
	 */
	MAX_AGE,

	/**
	 * A message was longer than the listener's {@code max-frame}.
	 */
	FRAME_TOO_LONG,

	/**
	 * The peer ended its side within a message.
	 */
	TRUNCATED_FRAME,

	/**
	 * The bytes received were no message of the connection's framing.
	 */
	INVALID_MESSAGE,

	/**
	 * The service failed to handle a message.
	 */
	SERVICE_FAILED,

	/**
	 * The relay's upstream was down, slow or ended within a reply.
	 */
	UPSTREAM,

	/**
	 * The peer did not read what was sent to it for longer than the listener's
	 * {@code write-stall}, or was too far behind.
	 */
	SLOW_READER,

	/**
	 * The connection's process ended by itself.
	 */
	PROCESS_ENDED,

	/**
	 * The TLS handshake failed: what came was no TLS, or nothing could be agreed on, or
	 * the peer ended it.
	 */
	TLS_HANDSHAKE,

	/**
	 * The peer ended the connection without the close_notify that says that all has come
	 * (RFC 8446, section 6.1): bytes may be missing.
	 */
	TLS_TRUNCATED,

	/**
	 * What came was no PROXY header where there must be one, or a broken one.
	 */
	PROXY_INVALID,

	/**
	 * A PROXY header came from who is not trusted to send one, or a connection from there
	 * where one is required.
	 */
	PROXY_UNTRUSTED,

	/**
	 * The PROXY header and the TLS handshake took longer than the listener's
	 * {@code handshake}.
	 */
	HANDSHAKE_TIMEOUT,

	/**
	 * There was no memory for what came next; or memory was short, and for five seconds
	 * the connection had much of it and did not get on.
	 */
	MEMORY_SHORT,

	/**
	 * Reading or writing failed in another way; the log says how, at DEBUG.
	 */
	IO_ERROR;

	/**
	 * Whether the connection was cut off by us: its client may have lost what it was
	 * owed.
	 */
	public boolean isCut() {
		return switch (this) {
			case OPERATOR_RESET, DRAIN_DEADLINE, SERVICE_FAILED, UPSTREAM, SLOW_READER, TLS_TRUNCATED, PROXY_INVALID,
					PROXY_UNTRUSTED, HANDSHAKE_TIMEOUT, MEMORY_SHORT, IO_ERROR ->
				true;
			case PEER_CLOSED, PEER_RESET, PEER_VANISHED, OPERATOR_CLOSED, DRAINED, CLOSED, LISTENER_STOPPED,
					READ_TIMEOUT, IDLE_TIMEOUT, MAX_AGE, FRAME_TOO_LONG, TRUNCATED_FRAME, INVALID_MESSAGE,
					PROCESS_ENDED, TLS_HANDSHAKE ->
				false;
		};
	}

	/**
	 * Whether an operator closed the connection.
	 */
	boolean isOperators() {
		return this == OPERATOR_CLOSED || this == OPERATOR_RESET;
	}

}
