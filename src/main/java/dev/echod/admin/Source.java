package dev.echod.admin;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Whom requests are taken to come from: an address of IPv4, or a network of 64 bits of
 * IPv6, all of whose addresses whoever has one of them may take.
 *
 * @param network null when it is not known
 */
record Source(@Nullable InetAddress network) {

	private static final int NETWORK_BYTES = 8;

	static Source of(@Nullable InetAddress address) {
		return new Source((address instanceof Inet6Address) ? network(address) : address);
	}

	private static InetAddress network(InetAddress address) {
		byte[] bytes = Arrays.copyOf(Arrays.copyOf(address.getAddress(), NETWORK_BYTES), 2 * NETWORK_BYTES);
		try {
			return InetAddress.getByAddress(bytes);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
