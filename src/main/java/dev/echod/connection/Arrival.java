package dev.echod.connection;

/**
 * A connection that was accepted and is not ready: a PROXY header or a TLS handshake is
 * awaited. Any thread may call; nothing waits.
 */
public interface Arrival {

	/**
	 * When it was accepted, in the manner of {@link System#nanoTime()}.
	 */
	long acceptedNanos();

	/**
	 * It was waited for long enough.
	 */
	void expire();

	/**
	 * Ends it; with a reset where the reason is to cut it off.
	 */
	void end(CloseReason reason);

}
