package dev.echod.client.load;

import java.nio.ByteBuffer;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Compares what comes back with the script. Used on one event loop.
 */
final class Comparison {

	/**
	 * Up to here a view to compare with would cost more than comparing.
	 */
	private static final int SMALL = 1024;

	/**
	 * How many bytes tell that this is another message than the one that is due.
	 */
	private static final int SAMPLE = 16;

	private static final int MIN_SAMPLE = 4;

	/**
	 * How far a reply that came too early or again is looked for.
	 */
	private static final int NEAR = 64;

	private final Script script;

	private final ByteBuffer expected;

	Comparison(Script script) {
		this.script = script;
		this.expected = script.view();
	}

	/**
	 * Where bytes differ from the script.
	 * @param position of the script, where they should continue
	 * @return the index of the first that differs; negative when none does
	 */
	int mismatch(ByteBuf received, int position) {
		int length = received.readableBytes();
		if (length <= SMALL && this.script.isAt(position, received)) {
			return -1;
		}
		ByteBuffer got = (received.nioBufferCount() == 1) ? received.internalNioBuffer(received.readerIndex(), length)
				: received.nioBuffer();
		int begin = got.position();
		int from = position;
		for (int done = 0; done < length;) {
			int part = Math.min(length - done, this.script.length() - from);
			this.expected.limit(from + part).position(from);
			got.limit(begin + done + part).position(begin + done);
			int at = this.expected.mismatch(got);
			if (at >= 0) {
				return done + at;
			}
			done += part;
			from = 0;
		}
		return -1;
	}

	/**
	 * Says what is wrong with bytes that differ.
	 * @param received them, and all that came with them
	 * @param at the index of the first that differs
	 * @param offset of that in all that the connection received, from 0
	 * @param message in the script, that it is in
	 * @param begin the index of that message's first byte; negative when it came before
	 */
	String describe(ByteBuf received, int at, long offset, int message, int begin) {
		int position = this.script.begin(message) + at - begin;
		String bytes = "byte %d is 0x%02x, not 0x%02x".formatted(offset + 1,
				received.getUnsignedByte(received.readerIndex() + at), this.expected.clear().get(position) & 0xff);
		String kind = (begin >= 0) ? otherMessage(received, message, begin) : null;
		return (kind != null) ? bytes + ": " + kind : bytes;
	}

	private @Nullable String otherMessage(ByteBuf received, int message, int begin) {
		int length = Math.min(SAMPLE, received.readableBytes() - begin);
		if (length < MIN_SAMPLE) {
			return null;
		}
		ByteBuf sample = received.slice(received.readerIndex() + begin, length);
		int count = this.script.messages();
		for (int distance = 1; distance <= Math.min(NEAR, count / 2); distance++) {
			if (mismatch(sample, this.script.begin((message + distance) % count)) < 0) {
				return (distance == 1) ? "a reply is missing" : distance + " replies are missing";
			}
			if (mismatch(sample, this.script.begin((message - distance + count) % count)) < 0) {
				return "a reply came again";
			}
		}
		return null;
	}

}
