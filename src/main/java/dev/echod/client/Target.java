package dev.echod.client;

import java.util.regex.Pattern;

import org.springframework.util.Assert;

/**
 * Whom a command talks to.
 *
 * @param host a name or an address
 * @param port from 1 to 65535
 */
public record Target(String host, int port) {

	private static final Pattern HOST = Pattern.compile("[^\\s/\\[\\]]+");

	/**
	 * Reads {@code HOST:PORT}, with {@code [ADDRESS]:PORT} for IPv6.
	 * @throws IllegalArgumentException if the text is neither; it says so
	 */
	public static Target of(String text) {
		int colon = text.lastIndexOf(':');
		Assert.isTrue(colon >= 1, () -> "'%s' is not HOST:PORT".formatted(text));
		String host = text.substring(0, colon);
		if (host.startsWith("[") && host.endsWith("]")) {
			host = host.substring(1, host.length() - 1);
		}
		// Of an empty name Java makes this machine.
		Assert.isTrue(HOST.matcher(host).matches(), () -> "'%s' is not HOST:PORT".formatted(text));
		try {
			int port = Integer.parseInt(text.substring(colon + 1));
			Assert.isTrue(port >= 1 && port <= 65535, () -> "port must be from 1 to 65535, but is " + port);
			return new Target(host, port);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("'%s' is not HOST:PORT, the port is no number".formatted(text), ex);
		}
	}

	/**
	 * As it is written: {@code HOST:PORT}, or {@code [ADDRESS]:PORT}.
	 */
	@Override
	public String toString() {
		return (this.host.contains(":") ? "[%s]:%d" : "%s:%d").formatted(this.host, this.port);
	}

}
