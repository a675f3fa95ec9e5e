package dev.echod.connection;

import org.jspecify.annotations.Nullable;

/**
 * A service could not answer a message, for a reason that its connection is closed with.
 */
public class ServiceFailedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final CloseReason reason;

	public ServiceFailedException(CloseReason reason, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.reason = reason;
	}

	/**
	 * The reason that the connection is closed with.
	 */
	public CloseReason reason() {
		return this.reason;
	}

}
