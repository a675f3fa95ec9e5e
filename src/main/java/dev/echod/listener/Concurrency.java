package dev.echod.listener;

import java.util.Locale;

/**
 * What serves a connection.
 */
public enum Concurrency {

	/**
	 * An event loop, which serves many.
	 */
	EVENT_LOOP,

	/**
	 * A thread of its own.
	 */
	THREAD,

	/**
	 * A process of its own.
	 */
	PROCESS,

	/**
	 * The thread that accepted it, before it accepts another.
	 */
	SERIAL,

	/**
	 * Spring's own selector and one more thread, which serve all.
	 */
	SELECTOR;

	/**
	 * The name as in the {@code concurrency} property: {@code event-loop}.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
