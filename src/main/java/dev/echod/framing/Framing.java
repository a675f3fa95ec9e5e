package dev.echod.framing;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;

import org.springframework.integration.ip.tcp.serializer.AbstractByteArraySerializer;
import org.springframework.integration.ip.tcp.serializer.ByteArrayCrLfSerializer;
import org.springframework.integration.ip.tcp.serializer.ByteArrayLengthHeaderSerializer;
import org.springframework.integration.ip.tcp.serializer.ByteArrayLfSerializer;
import org.springframework.integration.ip.tcp.serializer.ByteArrayStxEtxSerializer;

/**
 * How bytes become messages, and messages bytes: the same on the wire for event loops,
 * with Netty's decoders, and for streams, with Spring Integration's serializers.
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
	 * Adds what decodes this framing, and of HTTP encodes it. Messages without their
	 * frames come out of it as buffers, what is no frame as an exception, and a frame
	 * that the peer did not finish as a {@link TruncatedFrame}.
	 * @param maxFrame the longest message, in bytes; of {@link #HTTP}, the longest header
	 */
	public void addCodec(ChannelPipeline pipeline, int maxFrame) {
		switch (this) {
			case STREAM -> {
			}
			case LF, CRLF -> pipeline.addLast(new DelimiterDecoder(maxFrame, Unpooled.wrappedBuffer(trailer())));
			case LENGTH_1, LENGTH_2, LENGTH_4 -> pipeline.addLast(new LengthDecoder(maxFrame, lengthBytes()));
			case STX_ETX -> pipeline.addLast(new StxEtxDecoder(maxFrame));
			case HTTP -> pipeline.addLast(new HttpDecoder(maxFrame), new HttpResponseEncoder(), new HttpMessages());
		}
	}

	/**
	 * Puts a message into its frame.
	 * @param message taken: it is released, or what is returned
	 * @throws IllegalArgumentException if the frame cannot hold the message
	 */
	public ByteBuf encode(ByteBufAllocator allocator, ByteBuf message) {
		if (this == STREAM || this == HTTP) {
			return message;
		}
		try {
			int length = message.readableBytes();
			if (length > longestPayload()) {
				throw new IllegalArgumentException(
						"A frame of framing %s holds %d bytes, not %d".formatted(this, longestPayload(), length));
			}
			ByteBuf frame = allocator.ioBuffer(length + Integer.BYTES);
			switch (this) {
				case STX_ETX -> frame.writeByte(STX);
				case LENGTH_1 -> frame.writeByte(length);
				case LENGTH_2 -> frame.writeShort(length);
				case LENGTH_4 -> frame.writeInt(length);
				case STREAM, LF, CRLF, HTTP -> {
				}
			}
			return frame.writeBytes(message).writeBytes(trailer());
		}
		finally {
			message.release();
		}
	}

	/**
	 * The serializer and deserializer of this framing, for streams.
	 * @param maxFrame the longest message, in bytes
	 * @throws IllegalStateException if this is {@link #HTTP}, which has none
	 */
	public AbstractByteArraySerializer serializer(int maxFrame) {
		AbstractByteArraySerializer serializer = switch (this) {
			case STREAM -> new ByteArrayStreamSerializer();
			case LF -> new ByteArrayLfSerializer();
			case CRLF -> new ByteArrayCrLfSerializer();
			case LENGTH_1, LENGTH_2, LENGTH_4 -> new ByteArrayLengthHeaderSerializer(lengthBytes());
			case STX_ETX -> new ByteArrayStxEtxSerializer();
			case HTTP -> throw new IllegalStateException("HTTP is served on event loops only");
		};
		// Spring's count what ends a message as well.
		serializer.setMaxMessageSize(maxFrame + trailer().length);
		return serializer;
	}

	private byte[] trailer() {
		return switch (this) {
			case LF -> new byte[] { '\n' };
			case CRLF -> new byte[] { '\r', '\n' };
			case STX_ETX -> new byte[] { ETX };
			default -> new byte[0];
		};
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
