package dev.echod.connection;

import java.io.UncheckedIOException;

/**
 * Accepts the connections of one listener.
 */
public interface Acceptor {

	/**
	 * Stops listening; open connections go on. New clients are refused, not left waiting.
	 * Does nothing when it does not listen.
	 */
	void pauseAccepting();

	/**
	 * Listens again, on the same port. Does nothing unless paused.
	 * @throws UncheckedIOException if the address cannot be bound
	 */
	void resumeAccepting();

	/**
	 * Whether it listens.
	 */
	boolean isListening();

	/**
	 * Whether it was started and not stopped; it may be paused.
	 */
	boolean isRunning();

	/**
	 * The port; when it was 0, the real one once started.
	 */
	int getPort();

}
