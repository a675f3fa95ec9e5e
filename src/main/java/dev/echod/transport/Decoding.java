package dev.echod.transport;

import dev.echod.framing.ByteArrayStreamSerializer;
import dev.echod.framing.FrameDecoder;
import dev.echod.framing.Framing;

import org.springframework.core.serializer.Deserializer;

/**
 * How messages are cut out of what a connection receives.
 *
 * @param decoder cuts them
 * @param stream whether a message is what one read returns
 */
record Decoding(FrameDecoder decoder, boolean stream) {

	/**
	 * The decoder has no state, and is any connection's.
	 */
	static final Decoding STREAM = new Decoding(Framing.STREAM.decoder(0), true);

	static Decoding by(Frames frames) {
		return (frames.framing() == Framing.STREAM) ? STREAM
				: new Decoding(frames.framing().decoder(frames.maxFrame()), false);
	}

	static Decoding by(Deserializer<?> deserializer) {
		return (deserializer instanceof ByteArrayStreamSerializer) ? STREAM
				: new Decoding(new DeserializerDecoder(deserializer), false);
	}

}
