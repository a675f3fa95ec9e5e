package dev.echod.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * How addresses are written and looked at.
 */
public final class Addresses {

	static final int IPV4_BYTES = 4;

	/**
	 * What IPv6 addresses begin with that stand for one of IPv4 (RFC 4291, section
	 * 2.5.5.2), which are their last four bytes.
	 */
	static final int MAPPED_PREFIX_BITS = 96;

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
	 * The bytes of an address: 16 of IPv6, 4 of IPv4, as which an IPv6 address counts
	 * that stands for one.
	 */
	public static byte[] bytes(InetAddress address) {
		byte[] bytes = address.getAddress();
		return isMapped(bytes) ? Arrays.copyOfRange(bytes, MAPPED_PREFIX_BITS / 8, bytes.length) : bytes;
	}

	private static boolean isMapped(byte[] bytes) {
		if (bytes.length == IPV4_BYTES) {
			return false;
		}
		for (int i = 0; i < MAPPED_PREFIX_BITS / 8; i++) {
			if (bytes[i] != ((i < 10) ? 0 : (byte) 0xff)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * An address and port; IPv6 in brackets (RFC 3986).
	 */
	public static String text(InetSocketAddress address) {
		String host = text(address.getAddress());
		return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
	}

}
