package dev.echod.connection;

import java.net.InetSocketAddress;

/**
 * How addresses are written.
 */
public final class Addresses {

	private Addresses() {
	}

	/**
	 * An address and port; IPv6 in brackets (RFC 3986).
	 */
	public static String text(InetSocketAddress address) {
		String host = address.getAddress().getHostAddress();
		return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
	}

}
