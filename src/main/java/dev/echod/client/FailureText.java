package dev.echod.client;

/**
 * What a failure is called to whoever runs a command.
 */
public final class FailureText {

	private FailureText() {
	}

	/**
	 * The last part of its message, without the system call that a transport names before
	 * it: {@code Connection refused}.
	 */
	public static String of(Throwable cause) {
		String message = String.valueOf(cause.getMessage());
		return message.substring(message.lastIndexOf(": ") + 1).strip();
	}

}
