package dev.echod.framing;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * How bytes become messages, and messages bytes, whatever reads and writes them.
 */
public enum Framing {

	/**
	 * A message is whatever one read returns.
	 */
	STREAM,

	/**
	 * A message ends with a line feed.
	 */
	LF,

	/**
	 * A message ends with a carriage return and a line feed.
	 */
	CRLF,

	/**
	 * The length of a message, in one byte, comes before it.
	 */
	LENGTH_1,

	/**
	 * The length of a message, in two bytes, the highest first, comes before it.
	 */
	LENGTH_2,

	/**
	 * The length of a message, in four bytes, the highest first, comes before it.
	 */
	LENGTH_4,

	/**
	 * A message is between the bytes STX (2) and ETX (3), and contains no ETX.
	 */
	STX_ETX,

	/**
	 * HTTP/1.1 (RFC 9112). A message is an {@link HttpRequest}, its reply an
	 * {@link HttpReply}.
	 */
	HTTP;

	/**
	 * The most bytes that come before and after a message.
	 */
	public static final int OVERHEAD = Integer.BYTES;

	static final byte STX = 2;

	static final byte ETX = 3;

	/**
	 * The framing of this name, as in the {@code framing} property.
	 * @throws IllegalArgumentException if there is none; it says which there are
	 */
	public static Framing of(String name) {
		return Arrays.stream(values())
			.filter((framing) -> framing.toString().equals(name))
			.findAny()
			.orElseThrow(() -> new IllegalArgumentException("framing takes %s, not '%s'"
				.formatted(Arrays.stream(values()).map(Framing::toString).collect(Collectors.joining(" or ")), name)));
	}

	/**
	 * What takes the messages of one connection out of its bytes: buffers, or with
	 * {@link #HTTP} an {@link HttpRequest} or {@link Interim}.
	 * @param maxFrame the longest message, in bytes; of {@link #HTTP}, the longest head,
	 * with {@value HttpDecoder#MAX_HEAD} bytes at most
	 */
	public FrameDecoder decoder(int maxFrame) {
		return switch (this) {
			case STREAM -> new StreamDecoder();
			case LF -> new DelimiterDecoder(maxFrame, false);
			case CRLF -> new DelimiterDecoder(maxFrame, true);
			case LENGTH_1, LENGTH_2, LENGTH_4 -> new LengthDecoder(maxFrame, lengthBytes());
			case STX_ETX -> new StxEtxDecoder(maxFrame);
			case HTTP -> new HttpFrames(maxFrame);
		};
	}

	/**
	 * Checks that a frame can hold a message.
	 * @param length of the message, in bytes
	 * @throws IllegalArgumentException if it cannot
	 */
	public void check(int length) {
		if (length > longestPayload()) {
			throw new IllegalArgumentException(
					"A frame of framing %s holds %d bytes, not %d".formatted(this, longestPayload(), length));
		}
	}

	/**
	 * Writes what comes before a message.
	 * @param length of the message, in bytes
	 * @throws IllegalArgumentException if the frame cannot hold the message
	 */
	public void begin(ByteBuf out, int length) {
		check(length);
		switch (this) {
			case STX_ETX -> out.writeByte(STX);
			case LENGTH_1 -> out.writeByte(length);
			case LENGTH_2 -> out.writeShort(length);
			case LENGTH_4 -> out.writeInt(length);
			case STREAM, LF, CRLF, HTTP -> {
			}
		}
	}

	/**
	 * Writes what comes after a message.
	 */
	public void end(ByteBuf out) {
		switch (this) {
			case LF -> out.writeByte('\n');
			case CRLF -> out.writeByte('\r').writeByte('\n');
			case STX_ETX -> out.writeByte(ETX);
			case STREAM, LENGTH_1, LENGTH_2, LENGTH_4, HTTP -> {
			}
		}
	}

	/**
	 * Writes a message in its frame.
	 * @param message stays the caller's
	 * @throws IllegalArgumentException if the frame cannot hold the message
	 */
	public void write(ByteBuf message, ByteBuf out) {
		begin(out, message.readableBytes());
		out.writeBytes(message, message.readerIndex(), message.readableBytes());
		end(out);
	}

	/**
	 * Puts a message into its frame.
	 * @throws IllegalArgumentException if the frame cannot hold the message
	 */
	public byte[] frame(byte[] message) {
		if (this == STREAM) {
			return message;
		}
		ByteBuf frame = Unpooled.buffer(message.length + OVERHEAD);
		write(Unpooled.wrappedBuffer(message), frame);
		return ByteBufUtil.getBytes(frame);
	}

	private int lengthBytes() {
		return switch (this) {
			case LENGTH_1 -> 1;
			case LENGTH_2 -> 2;
			default -> Integer.BYTES;
		};
	}

	private int longestPayload() {
		return switch (this) {
			case LENGTH_1 -> 0xff;
			case LENGTH_2 -> 0xffff;
			default -> Integer.MAX_VALUE;
		};
	}

	/**
	 * The name as in the {@code framing} property: {@code length-4}.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
