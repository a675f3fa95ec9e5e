package dev.echod.connection;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives the connections of a listener, or of a client's connection factory, their ids,
 * such as {@code echo-1f3}. Any thread may call.
 */
public final class ConnectionIds {

	private final AtomicLong latest = new AtomicLong();

	/**
	 * The next id.
	 * @param name of the listener
	 */
	public String next(String name) {
		return name + "-" + Long.toHexString(this.latest.incrementAndGet());
	}

}
