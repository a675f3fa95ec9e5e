package dev.echod.connection;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The addresses that share a prefix, in the notation of CIDR (RFC 4632):
 * {@code 10.0.0.0/8}, {@code 2001:db8::/32}; an address alone is a range of one.
 */
public final class AddressRange {

	/**
	 * What is allowed, for who was given something else.
	 */
	public static final String ALLOWED = "an address or a range such as 10.0.0.0/8 or 2001:db8::/32";

	/**
	 * All four numbers of an IPv4 address: the shorter forms are read in other ways than
	 * their writers think.
	 */
	private static final Pattern LITERAL = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

	private static final Pattern LENGTH = Pattern.compile("\\d{1,3}");

	private final String text;

	private final byte[] network;

	private final int prefixLength;

	private AddressRange(String text, byte[] network, int prefixLength) {
		this.text = text;
		this.network = network;
		this.prefixLength = prefixLength;
	}

	/**
	 * Reads a range. One of IPv4 addresses may be written as IPv6 maps them:
	 * {@code ::ffff:10.0.0.0/104} is {@code 10.0.0.0/8}. A range is named by its first
	 * address: {@code 10.9.9.9/8} may have been meant as the address alone.
	 * @throws IllegalArgumentException if the text is neither an address nor a range; the
	 * message says what is allowed
	 */
	public static AddressRange of(String text) {
		AddressRange range = parse(text);
		if (range == null || !Arrays.equals(range.network, range.first())) {
			throw new IllegalArgumentException("'%s' is not %s".formatted(text, allowedInsteadOf(text)));
		}
		return range;
	}

	/**
	 * What is allowed in place of a text that {@link #of} refuses.
	 */
	public static String allowedInsteadOf(String text) {
		AddressRange range = parse(text);
		return (range == null) ? ALLOWED
				: "an address alone or the range %s/%d".formatted(text(range.first()), range.prefixLength);
	}

	private static @Nullable AddressRange parse(String text) {
		int slash = text.indexOf('/');
		String address = (slash < 0) ? text : text.substring(0, slash);
		String prefix = (slash < 0) ? null : text.substring(slash + 1);
		if (LITERAL.matcher(address).matches() && (prefix == null || LENGTH.matcher(prefix).matches())) {
			byte[] network = network(address);
			boolean mapped = network.length == Addresses.IPV4_BYTES && address.contains(":");
			int length = (prefix == null) ? network.length * 8
					: Integer.parseInt(prefix) - (mapped ? Addresses.MAPPED_PREFIX_BITS : 0);
			if (network.length > 0 && length >= 0 && length <= network.length * 8) {
				return new AddressRange(text, network, length);
			}
		}
		return null;
	}

	private static byte[] network(String literal) {
		try {
			return InetAddress.ofLiteral(literal).getAddress();
		}
		catch (IllegalArgumentException ex) {
			return new byte[0];
		}
	}

	private static String text(byte[] address) {
		try {
			return Addresses.text(InetAddress.getByAddress(address));
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The address with no bits after the prefix.
	 */
	private byte[] first() {
		byte[] first = this.network.clone();
		for (int i = 0; i < first.length; i++) {
			first[i] &= (byte) mask(this.prefixLength - 8 * i);
		}
		return first;
	}

	/**
	 * The first bits of a byte, up to all eight.
	 */
	private static int mask(int bits) {
		return 0xff << Math.clamp(8L - bits, 0, 8);
	}

	/**
	 * The first address: 4 bytes of IPv4, 16 of IPv6.
	 */
	public byte[] network() {
		return this.network.clone();
	}

	/**
	 * How many bits the addresses share.
	 */
	public int prefixLength() {
		return this.prefixLength;
	}

	/**
	 * Whether the address is in this range. An IPv4 address is in no IPv6 range, nor the
	 * other way round.
	 */
	public boolean contains(InetAddress address) {
		byte[] bytes = Addresses.bytes(address);
		if (bytes.length != this.network.length) {
			return false;
		}
		for (int bit = 0; bit < this.prefixLength; bit += 8) {
			if (((bytes[bit / 8] ^ this.network[bit / 8]) & mask(this.prefixLength - bit) & 0xff) != 0) {
				return false;
			}
		}
		return true;
	}

	/**
	 * As it was given.
	 */
	@Override
	public String toString() {
		return this.text;
	}

}
