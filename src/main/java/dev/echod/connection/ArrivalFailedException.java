package dev.echod.connection;

import java.io.IOException;

/**
 * An accepted connection will not be ready.
 */
public class ArrivalFailedException extends IOException {

	private static final long serialVersionUID = 1L;

	private final CloseReason reason;

	public ArrivalFailedException(CloseReason reason, String message) {
		super(message);
		this.reason = reason;
	}

	/**
	 * Why its connection ends.
	 */
	public CloseReason reason() {
		return this.reason;
	}

}
