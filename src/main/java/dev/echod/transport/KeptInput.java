package dev.echod.transport;

import java.io.IOException;

import dev.echod.framing.FrameBuffer;
import dev.echod.framing.FrameDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has received and its listener was not given, with its share of the
 * {@link HeldBytes}. Used on the event loop.
 */
final class KeptInput {

	private final FrameBuffer frames;

	private final HeldBytes held;

	/**
	 * Bytes that came while they were not to be read.
	 */
	private long heldHere;

	KeptInput(FrameDecoder decoder, HeldBytes held) {
		this.frames = new FrameBuffer(decoder);
		this.held = held;
	}

	void decodeWith(FrameDecoder decoder) {
		this.frames.decodeWith(decoder);
	}

	/**
	 * Adds what was received.
	 * @param received taken
	 * @param unwanted whether it was not to be read
	 * @return whether so much may be kept
	 */
	boolean add(ByteBufAllocator allocator, ByteBuf received, boolean unwanted) {
		int length = received.readableBytes();
		this.frames.add(allocator, received);
		if (unwanted) {
			this.heldHere += length;
		}
		return !unwanted || this.held.add(length);
	}

	/**
	 * Nothing more will be added.
	 */
	void end() {
		this.frames.end();
	}

	/**
	 * Takes the next message.
	 * @see FrameBuffer#next()
	 */
	@Nullable Object next() throws IOException {
		return this.frames.next();
	}

	/**
	 * Has who waits for more bytes meet a failure.
	 * @see FrameBuffer#failed(IOException)
	 */
	@Nullable Object failed(IOException failure) throws IOException {
		return this.frames.failed(failure);
	}

	/**
	 * How many bytes are kept.
	 */
	int size() {
		return this.frames.size();
	}

	/**
	 * What is left is the beginning of a message, which may be kept.
	 */
	void taken() {
		this.held.remove(this.heldHere);
		this.heldHere = 0;
	}

	/**
	 * Lets go of all.
	 */
	void release() {
		taken();
		this.frames.release();
	}

}
