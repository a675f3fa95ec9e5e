package dev.echod.transport;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A message that waits for an event loop to send it to its members of a group.
 *
 * @param frame the message in its frame
 * @param excluded the id of the connection that does not get it; null for none
 */
record Post(ByteBuf frame, @Nullable String excluded) {

	private static final int OVERHEAD_BYTES = 128;

	/**
	 * How much it takes, with its keeping.
	 */
	int cost() {
		return this.frame.readableBytes() + OVERHEAD_BYTES;
	}

	/**
	 * Puts the frames of several together.
	 */
	static ByteBuf join(List<Post> posts) {
		int length = posts.stream().mapToInt((post) -> post.frame().readableBytes()).sum();
		ByteBuf joined = ByteBufAllocator.DEFAULT.ioBuffer(length);
		for (Post post : posts) {
			joined.writeBytes(post.frame(), post.frame().readerIndex(), post.frame().readableBytes());
		}
		return joined;
	}

}
