package dev.echod.drain;

/**
 * What was asked of the drain does not go together with where it is.
 */
public class DrainRefusedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	DrainRefusedException(String message) {
		super(message);
	}

}
