package dev.echod.framing;

import java.io.IOException;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages of one connection out of its bytes. Between two calls it remembers
 * how far it looked, so that no byte is looked at again when more come. Used by one
 * thread at a time.
 */
public interface FrameDecoder {

	/**
	 * Takes the next message.
	 * @param bytes what was received and not taken
	 * @return the message, without its frame; a buffer is the caller's to release. Null
	 * when its end has not come
	 * @throws IOException if the bytes are no message; nothing more can be taken then
	 */
	@Nullable Object decode(ByteBuf bytes) throws IOException;

	/**
	 * Takes the next of the messages that the end of the stream completes.
	 * @param bytes what was received and not taken
	 * @return the message; null when there is none
	 * @throws IOException if the stream ended within a message
	 */
	default @Nullable Object decodeEnd(ByteBuf bytes) throws IOException {
		if (bytes.isReadable()) {
			throw FrameException.truncated();
		}
		return null;
	}

	/**
	 * Meets a failure where more bytes would be needed.
	 * @param bytes what was received and not taken
	 * @return what is a message all the same; null when nothing is
	 * @throws IOException the failure, or what is made of it
	 */
	default @Nullable Object decodeFailed(ByteBuf bytes, IOException failure) throws IOException {
		throw failure;
	}

	/**
	 * Lets go of what it keeps.
	 */
	default void release() {
	}

}
