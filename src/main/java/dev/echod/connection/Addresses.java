package dev.echod.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * How addresses are written.
 */
public final class Addresses {

	private Addresses() {
	}

	/**
	 * An address, without the zone of a link-local one: filters take none.
	 */
	public static String text(InetAddress address) {
		String text = address.getHostAddress();
		int zone = text.indexOf('%');
		return (zone < 0) ? text : text.substring(0, zone);
	}

	/**
	 * An address and port; IPv6 in brackets (RFC 3986).
	 */
	public static String text(InetSocketAddress address) {
		String host = text(address.getAddress());
		return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
	}

}
