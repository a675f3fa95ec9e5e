package dev.echod.testing;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * PROXY headers, as proxies send them and as they must not.
 */
public final class ProxyHeaders {

	private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");

	private static final byte CHECKSUM = 3;

	private ProxyHeaders() {
	}

	/**
	 * A line of version 1, without its end.
	 */
	public static byte[] text(String line) {
		return (line + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
	}

	/**
	 * What a proxy sends on its own behalf, as a health check.
	 */
	public static byte[] local() {
		return binary(0x20, 0, new byte[0]);
	}

	/**
	 * One of version 2 that names a client.
	 */
	public static byte[] binary(String source, int port, byte[]... fields) {
		byte[] from = new InetSocketAddress(source, port).getAddress().getAddress();
		ByteBuffer addresses = ByteBuffer.allocate(2 * from.length + 4);
		addresses.put(from).put(from).putShort((short) port).putShort((short) 8080);
		return binary(0x21, (from.length == 4) ? 0x11 : 0x21, join(addresses.array(), join(fields)));
	}

	/**
	 * One of version 2, of anything.
	 * @param command with the version
	 * @param family with the transport
	 */
	public static byte[] binary(int command, int family, byte[] rest) {
		ByteBuffer header = ByteBuffer.allocate(16 + rest.length);
		header.put(SIGNATURE).put((byte) command).put((byte) family).putShort((short) rest.length).put(rest);
		return header.array();
	}

	/**
	 * A field with a type and a length.
	 */
	public static byte[] field(int type, byte... value) {
		return ByteBuffer.allocate(3 + value.length).put((byte) type).putShort((short) value.length).put(value).array();
	}

	/**
	 * A field for the checksum, which {@link #withChecksum} fills in.
	 */
	public static byte[] checksum() {
		return field(CHECKSUM, new byte[4]);
	}

	/**
	 * Puts the checksum in its field, which is the last one.
	 */
	public static byte[] withChecksum(byte[] header) {
		CRC32C checksum = new CRC32C();
		checksum.update(header);
		ByteBuffer.wrap(header).putInt(header.length - 4, (int) checksum.getValue());
		return header;
	}

	public static byte[] join(byte[]... parts) {
		ByteArrayOutputStream joined = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			joined.writeBytes(part);
		}
		return joined.toByteArray();
	}

}
