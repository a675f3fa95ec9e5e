package dev.echod.client;

import org.jspecify.annotations.Nullable;

/**
 * A message of a probe did not come back as it was sent. The text says why, in one line.
 */
public class ProbeFailedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	ProbeFailedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
