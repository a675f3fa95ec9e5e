package dev.echod.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * An accepted connection of a listener. It may be asked and told from any thread; its
 * counts are those of a moment ago.
 */
public interface OpenConnection {

	/**
	 * Short and typeable, such as {@code echo-1f3}; unique while the process runs.
	 */
	String id();

	/**
	 * The name of its listener.
	 */
	String listener();

	/**
	 * Who is at its ends.
	 */
	Endpoints endpoints();

	ConnectionState state();

	/**
	 * When it was ready, by the wall clock: to be shown, not to be reckoned with.
	 */
	Instant openedAt();

	/**
	 * How long it has been open.
	 */
	Duration age();

	/**
	 * How long nothing was read or written, to within a tenth of a second.
	 */
	Duration idleFor();

	/**
	 * Bytes read from the socket, without what a PROXY header and TLS add.
	 */
	long bytesReceived();

	/**
	 * Bytes handed over to be written to the socket, without what TLS adds.
	 */
	long bytesSent();

	/**
	 * Bytes received in a second, an average over five seconds that is up to six seconds
	 * old.
	 */
	long receivedPerSecond();

	/**
	 * Bytes sent in a second, as {@link #receivedPerSecond()}.
	 */
	long sentPerSecond();

	/**
	 * Bytes that wait for the peer to take them, with what their keeping costs.
	 */
	long pendingBytes();

	/**
	 * Messages received.
	 */
	long messages();

	/**
	 * Whether a reply is still to be made, or waits for the peer to take it, or bytes of
	 * the peer may be unread because it is held back.
	 */
	boolean isOwing();

	/**
	 * Closes in order, and returns at once: what is owed is sent, then comes our FIN, and
	 * the peer's is awaited for a bounded time. Does nothing when it is closing already.
	 */
	default void close(CloseReason reason) {
		close(reason, null);
	}

	/**
	 * Closes in order, as {@link #close(CloseReason)} does.
	 * @param note what the operator who closes it says of it; null when nobody does
	 */
	void close(CloseReason reason, @Nullable String note);

	/**
	 * Closes in order, and returns at once, if nothing is owed and nothing was read or
	 * written for so long: our FIN is sent, and what comes in is discarded until the
	 * peer's, however long it takes. Does nothing when it is closing already.
	 */
	void closeIfQuiet(Duration quiet, CloseReason reason);

	/**
	 * Runs an action, such as its close, if a condition holds at a moment when nothing
	 * comes in between; returns at once.
	 */
	void when(Predicate<OpenConnection> condition, Consumer<OpenConnection> action);

	/**
	 * Closes with a reset, and returns at once. What is owed is lost.
	 */
	default void reset(CloseReason reason) {
		reset(reason, null);
	}

	/**
	 * Closes with a reset, as {@link #reset(CloseReason)} does.
	 * @param note what the operator who closes it says of it; null when nobody does
	 */
	void reset(CloseReason reason, @Nullable String note);

}
