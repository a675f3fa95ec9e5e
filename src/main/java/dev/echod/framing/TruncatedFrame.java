package dev.echod.framing;

import java.util.List;

import io.netty.buffer.ByteBuf;

/**
 * Comes out of a decoder when the peer ended its side within a message.
 */
public enum TruncatedFrame {

	/**
	 * The only one.
	 */
	INSTANCE;

	/**
	 * Reports what is left when the peer has ended its side.
	 */
	static void report(ByteBuf left, List<Object> out) {
		if (left.isReadable()) {
			left.skipBytes(left.readableBytes());
			out.add(INSTANCE);
		}
	}

}
