package dev.echod.connection;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * What a connection's life acts on: a channel of an event loop, a socket, a process.
 */
public interface Wire {

	/**
	 * Runs an action in this connection's order: one at a time, on its event loop or
	 * under its lock. Any thread may call; the action does not block. The other methods
	 * are called in that order, but where they say otherwise.
	 */
	void execute(Runnable action);

	/**
	 * From now on what the peer sends is read and discarded.
	 */
	void discardInput();

	/**
	 * From now on reads no faster than this; null is as fast as may be.
	 */
	void pace(@Nullable ConnectionPace pace);

	/**
	 * Has all that was sent be taken by the peer; nothing is sent after it. Called once
	 * at most.
	 * @param finished told in this connection's order, once: false if the peer can have
	 * no more
	 */
	void finish(Consumer<Boolean> finished);

	/**
	 * Sends our FIN, after {@link #finish}.
	 */
	void sendFin();

	/**
	 * Closes at once. What was not taken by the system is lost.
	 */
	void close();

	/**
	 * Closes at once with a reset.
	 */
	void reset();

	/**
	 * Runs an action in this connection's order, after so much time; takes the place of
	 * one that was to run before.
	 */
	void schedule(Runnable action, long delayNanos);

	/**
	 * The time by the clock that activity is noted with, in the manner of
	 * {@link System#nanoTime()}; from any thread.
	 */
	long nanoTime();

	/**
	 * Bytes that wait for the peer to take them, with what their keeping costs; from any
	 * thread.
	 */
	long pendingBytes();

	/**
	 * Memory that what comes from the peer and what waits for it take, in bytes, as far
	 * as it is not little; from any thread.
	 */
	long memoryBytes();

	/**
	 * Whether bytes of the peer may be unread because it is held back; from any thread.
	 */
	boolean isHeldBack();

	/**
	 * What the system's TCP told of the connection when it was closed; null before, and
	 * where it is not asked or tells nothing.
	 */
	@Nullable TcpFigures tcpFigures();

	/**
	 * A figure that changes whenever the peer has taken some of what waits for it.
	 */
	long taken();

}
