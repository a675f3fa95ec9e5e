package dev.echod.connection;

/**
 * What was asked of a bulk close does not go together with what is there; none was
 * closed.
 */
public class CloseRefusedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	CloseRefusedException(String message) {
		super(message);
	}

}
