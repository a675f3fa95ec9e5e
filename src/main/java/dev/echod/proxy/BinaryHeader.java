package dev.echod.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;

/**
 * A PROXY header of version 2, in binary (section 2.2 of HAProxy's proxy-protocol.txt):
 * 16 bytes, of which the last two say how many follow; two addresses, which Netty's
 * decoder reads; fields with a type and a length each (TLVs), which are looked through
 * for the checksum.
 */
final class BinaryHeader {

	/**
	 * After so many bytes it is known how many there are.
	 */
	static final int FIXED_LENGTH = 16;

	/**
	 * The longest that is taken, where the protocol has 64 KB: all that HAProxy can add,
	 * with the names of a client's certificate and of the server, fits a quarter of it.
	 */
	static final int MAX_LENGTH = 4 * 1024;

	private static final int COMMAND_OFFSET = 12;

	private static final int FAMILY_OFFSET = 13;

	private static final int LENGTH_OFFSET = 14;

	/**
	 * Version 2 and the command LOCAL: the proxy speaks for itself, and what follows is
	 * not looked at.
	 */
	private static final byte LOCAL = 0x20;

	private static final byte PROXY = 0x21;

	/**
	 * A field's type and length.
	 */
	private static final int FIELD_HEAD = 3;

	private static final byte CHECKSUM = 0x03;

	private BinaryHeader() {
	}

	/**
	 * How long the header is in all.
	 * @param bytes the first {@value #FIXED_LENGTH} or more
	 * @throws ProxyException if that is too long, or if it is no header
	 */
	static int length(byte[] bytes) throws ProxyException {
		byte command = bytes[COMMAND_OFFSET];
		if (command != LOCAL && command != PROXY) {
			throw ProxyException.invalid("A PROXY header has neither command nor version of version 2");
		}
		int length = FIXED_LENGTH + Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(LENGTH_OFFSET));
		if (length > MAX_LENGTH) {
			throw ProxyException.invalid("A PROXY header of %d bytes is longer than %d".formatted(length, MAX_LENGTH));
		}
		return length;
	}

	static ProxyHeader parse(byte[] header) throws ProxyException {
		if (header[COMMAND_OFFSET] == LOCAL) {
			return ProxyHeader.NO_CLIENT;
		}
		int addresses = addressLength(header);
		int fields = FIXED_LENGTH + addresses;
		if (fields > header.length) {
			throw ProxyException.invalid("A PROXY header is too short for its addresses");
		}
		if (addresses > 0) {
			checkFields(header, fields);
		}
		return decode(withoutFields(header, fields));
	}

	/**
	 * How long the two addresses are, by their family; 0 when there are none, so that
	 * nobody knows where fields would begin, or for a family that does not exist.
	 */
	private static int addressLength(byte[] header) {
		return switch (header[FAMILY_OFFSET] >> 4) {
			case 1 -> 2 * (4 + 2);
			case 2 -> 2 * (16 + 2);
			case 3 -> 2 * 108;
			default -> 0;
		};
	}

	private static void checkFields(byte[] header, int offset) throws ProxyException {
		ByteBuffer fields = ByteBuffer.wrap(header);
		boolean checked = false;
		for (int field = offset; field < header.length;) {
			int value = field + FIELD_HEAD;
			int next = (value <= header.length) ? value + Short.toUnsignedInt(fields.getShort(field + 1)) : value;
			if (next > header.length) {
				throw ProxyException.invalid("A field of a PROXY header is longer than the header");
			}
			if (header[field] == CHECKSUM) {
				if (checked || next - value != Integer.BYTES) {
					throw ProxyException.invalid("A PROXY header has no one checksum of four bytes");
				}
				checked = true;
				check(header, value);
			}
			field = next;
		}
	}

	/**
	 * Checks the checksum, which was reckoned with zeros in its place (RFC 9260, appendix
	 * A).
	 */
	private static void check(byte[] header, int offset) throws ProxyException {
		CRC32C checksum = new CRC32C();
		checksum.update(header, 0, offset);
		checksum.update(new byte[Integer.BYTES]);
		checksum.update(header, offset + Integer.BYTES, header.length - offset - Integer.BYTES);
		if ((int) checksum.getValue() != ByteBuffer.wrap(header).getInt(offset)) {
			throw ProxyException.invalid("A PROXY header has another checksum than it says");
		}
	}

	/**
	 * The decoder would retain each of the fields, and forget to release those before one
	 * that it does not understand.
	 */
	private static byte[] withoutFields(byte[] header, int length) {
		byte[] trimmed = Arrays.copyOf(header, length);
		ByteBuffer.wrap(trimmed).putShort(LENGTH_OFFSET, (short) (length - FIXED_LENGTH));
		return trimmed;
	}

	private static ProxyHeader decode(byte[] header) throws ProxyException {
		EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder());
		try {
			channel.writeInbound(Unpooled.wrappedBuffer(header));
			HAProxyMessage message = channel.readInbound();
			try {
				return header(message);
			}
			finally {
				message.release();
			}
		}
		catch (DecoderException ex) {
			throw ProxyException.invalid("A PROXY header of version 2 is not as it has to be: " + ex.getMessage());
		}
		finally {
			channel.finishAndReleaseAll();
		}
	}

	/**
	 * Only who is proxied by TCP has an address that a connection may have.
	 */
	private static ProxyHeader header(HAProxyMessage message) {
		HAProxyProxiedProtocol protocol = message.proxiedProtocol();
		if (protocol != HAProxyProxiedProtocol.TCP4 && protocol != HAProxyProxiedProtocol.TCP6) {
			return ProxyHeader.NO_CLIENT;
		}
		return new ProxyHeader(
				new InetSocketAddress(InetAddress.ofLiteral(message.sourceAddress()), message.sourcePort()));
	}

}
