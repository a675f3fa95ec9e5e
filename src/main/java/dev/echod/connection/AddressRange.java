package dev.echod.connection;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * The addresses that share a prefix, in the notation of CIDR (RFC 4632):
 * {@code 10.0.0.0/8}, {@code 2001:db8::/32}; an address alone is a range of one.
 */
public final class AddressRange {

	private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

	private final byte[] network;

	private final int prefixLength;

	private AddressRange(byte[] network, int prefixLength) {
		this.network = network;
		this.prefixLength = prefixLength;
	}

	/**
	 * Reads a range.
	 * @throws IllegalArgumentException if the text is neither an address nor a range; the
	 * message says what is allowed
	 */
	public static AddressRange parse(String text) {
		int slash = text.indexOf('/');
		String address = (slash < 0) ? text : text.substring(0, slash);
		try {
			if (LITERAL.matcher(address).matches()) {
				byte[] network = InetAddress.getByName(address).getAddress();
				int length = (slash < 0) ? network.length * 8 : Integer.parseInt(text.substring(slash + 1));
				if (length >= 0 && length <= network.length * 8) {
					return new AddressRange(network, length);
				}
			}
		}
		catch (UnknownHostException | NumberFormatException ex) {
			// Said below.
		}
		throw new IllegalArgumentException(
				"'%s' is neither an address nor a range such as 10.0.0.0/8 or 2001:db8::/32".formatted(text));
	}

	/**
	 * Whether the address is in this range. An IPv4 address is in no IPv6 range, nor the
	 * other way round.
	 */
	public boolean contains(InetAddress address) {
		byte[] bytes = address.getAddress();
		if (bytes.length != this.network.length) {
			return false;
		}
		for (int bit = 0; bit < this.prefixLength; bit += 8) {
			int mask = 0xff << Math.max(0, 8 - (this.prefixLength - bit));
			if (((bytes[bit / 8] ^ this.network[bit / 8]) & mask & 0xff) != 0) {
				return false;
			}
		}
		return true;
	}

}
