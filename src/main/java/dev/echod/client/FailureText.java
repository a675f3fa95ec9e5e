package dev.echod.client;

/**
 * What a failure is called to whoever runs a command.
 */
public final class FailureText {

	private FailureText() {
	}

	/**
	 * What has happened, without what failed in the words of the transport:
	 * {@code Connection refused}.
	 */
	public static String of(Throwable cause) {
		String message = String.valueOf(cause.getMessage());
		return message.substring(message.lastIndexOf(": ") + 1).strip();
	}

}
