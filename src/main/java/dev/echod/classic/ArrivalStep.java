package dev.echod.classic;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * What is awaited of a client before its connection is ready, on the connection's own
 * thread. Its socket is closed meanwhile by who does not wait any longer.
 */
@FunctionalInterface
public interface ArrivalStep {

	/**
	 * Awaits it.
	 * @return the connection as it is then; null when it is refused, which has been
	 * counted
	 * @throws dev.echod.connection.ArrivalFailedException if it does not come, with the
	 * reason
	 * @throws IOException if reading or writing fails
	 */
	@Nullable Arrived await(Arrived arrived) throws IOException;

	/**
	 * Whether it waits no longer than it may: nobody has to end it then.
	 */
	default boolean keepsTime() {
		return false;
	}

}
