package dev.echod.framing;

import java.io.IOException;
import java.io.Serial;

/**
 * What was received is no message of the framing.
 */
public class FrameException extends IOException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final Kind kind;

	public FrameException(Kind kind, String message) {
		super(message);
		this.kind = kind;
	}

	static FrameException tooLong(int maxFrame) {
		return new FrameException(Kind.TOO_LONG, "A message is longer than %d bytes".formatted(maxFrame));
	}

	static FrameException truncated() {
		return new FrameException(Kind.TRUNCATED, "The peer ended its side within a message");
	}

	public Kind kind() {
		return this.kind;
	}

	/**
	 * What is wrong.
	 */
	public enum Kind {

		/**
		 * The message is longer than is allowed.
		 */
		TOO_LONG,

		/**
		 * The peer ended its side within the message.
		 */
		TRUNCATED,

		/**
		 * The bytes are none that the framing allows.
		 */
		INVALID

	}

}
