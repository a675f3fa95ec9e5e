package dev.echod.client.load;

import java.nio.ByteBuffer;

import dev.echod.framing.Framing;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What is sent.
 *
 * @param sizes how long messages are, without their frames
 * @param payload what each message is; null for random bytes, each message others
 */
record Messages(Sizes sizes, @Nullable ByteBuffer payload, Framing framing) {

	/**
	 * Messages of random bytes.
	 * @throws IllegalArgumentException if a frame does not hold the longest
	 */
	static Messages ofSizes(Sizes sizes, Framing framing) {
		framing.check(sizes.max());
		return new Messages(sizes, null, framing);
	}

	/**
	 * One message, again and again.
	 * @throws IllegalArgumentException if that is none of the framing
	 */
	static Messages of(byte[] payload, Framing framing) {
		Messages messages = new Messages(new Sizes(payload.length, payload.length),
				ByteBuffer.wrap(payload).asReadOnlyBuffer(), framing);
		framing.check(payload.length);
		Assert.isTrue(Script.isOneFrame(messages), "it is not one message");
		return messages;
	}

}
