package dev.echod.connection;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * How an operator closes a connection.
 */
public enum CloseMode {

	/**
	 * What is owed is sent, then FIN.
	 */
	GRACEFUL,

	/**
	 * With RST.
	 */
	RESET;

	/**
	 * Closes a connection, and returns at once.
	 * @param note what the operator says of it; null when nothing
	 */
	public void close(OpenConnection connection, @Nullable String note) {
		switch (this) {
			case GRACEFUL -> connection.close(CloseReason.OPERATOR_CLOSED, note);
			case RESET -> connection.reset(CloseReason.OPERATOR_RESET, note);
		}
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
