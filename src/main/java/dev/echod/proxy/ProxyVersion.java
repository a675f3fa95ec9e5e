package dev.echod.proxy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A version of the PROXY header, to be sent (HAProxy's proxy-protocol.txt).
 */
public enum ProxyVersion {

	/**
	 * A line of text (section 2.1).
	 */
	V1 {
		@Override
		public byte[] header(InetSocketAddress client, InetSocketAddress server) {
			String family = isIpv4(client, server) ? "TCP4" : "TCP6";
			return "%s%s %s %s %d %d\r\n"
				.formatted(Signature.TEXT.text(), family, text(client.getAddress()), text(server.getAddress()),
						client.getPort(), server.getPort())
				.getBytes(StandardCharsets.ISO_8859_1);
		}
	},

	/**
	 * Binary (section 2.2).
	 */
	V2 {
		@Override
		public byte[] header(InetSocketAddress client, InetSocketAddress server) {
			byte[] from = client.getAddress().getAddress();
			byte[] to = server.getAddress().getAddress();
			int length = from.length + to.length + 2 * Short.BYTES;
			return ByteBuffer.allocate(Signature.BINARY.length() + HEAD + length)
				.put(Signature.BINARY.text().getBytes(StandardCharsets.ISO_8859_1))
				.put(PROXY)
				.put(isIpv4(client, server) ? TCP4 : TCP6)
				.putShort((short) length)
				.put(from)
				.put(to)
				.putShort((short) client.getPort())
				.putShort((short) server.getPort())
				.array();
		}
	};

	/**
	 * What follows the signature of version 2, before the addresses.
	 */
	private static final int HEAD = 4;

	private static final byte PROXY = 0x21;

	private static final byte TCP4 = 0x11;

	private static final byte TCP6 = 0x21;

	/**
	 * A header that names a client.
	 * @param server where it has connected to, of the same family
	 */
	public abstract byte[] header(InetSocketAddress client, InetSocketAddress server);

	private static boolean isIpv4(InetSocketAddress client, InetSocketAddress server) {
		boolean ipv4 = client.getAddress() instanceof Inet4Address;
		if (ipv4 != server.getAddress() instanceof Inet4Address) {
			throw new IllegalArgumentException("%s and %s are not of one family".formatted(client, server));
		}
		return ipv4;
	}

	/**
	 * Without the interface that an address is for.
	 */
	private static String text(InetAddress address) {
		return address.getHostAddress().replaceAll("%.*", "");
	}

	/**
	 * The name as people write it: {@code v1}.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
