package dev.echod.framing;

import java.io.IOException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * What was received from a connection and is not taken yet, and what takes the messages
 * out of it, one when it is asked for one: whoever is behind does not ask. Used by one
 * thread at a time.
 */
public final class FrameBuffer {

	private static final int LITTLE_BYTES = 1024;

	private FrameDecoder decoder;

	private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

	private boolean ended;

	public FrameBuffer(FrameDecoder decoder) {
		this.decoder = decoder;
	}

	/**
	 * Takes messages in another way from now on.
	 */
	public void decodeWith(FrameDecoder next) {
		this.decoder.release();
		this.decoder = next;
	}

	/**
	 * Adds what was received.
	 * @param received taken
	 */
	public void add(ByteBufAllocator allocator, ByteBuf received) {
		// What was taken is let go, unless messages that are under way share it: then the
		// next growth leaves it behind.
		if (this.bytes.readerIndex() > this.bytes.capacity() / 2 && this.bytes.refCnt() == 1) {
			this.bytes.discardReadBytes();
		}
		this.bytes = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, this.bytes, received);
	}

	/**
	 * Nothing more will be added.
	 */
	public void end() {
		this.ended = true;
	}

	/**
	 * Takes the next message.
	 * @return the message, without its frame; a buffer is the caller's to release. Null
	 * when none is complete
	 * @throws IOException if the bytes are no message, or the end came within one;
	 * nothing more can be taken then
	 */
	public @Nullable Object next() throws IOException {
		Object message = this.decoder.decode(this.bytes);
		if (message == null && this.ended) {
			message = this.decoder.decodeEnd(this.bytes);
		}
		if (!this.bytes.isReadable()) {
			releaseBytes();
		}
		else if (message == null) {
			trim();
		}
		return message;
	}

	/**
	 * Keeps the beginning of a message in the memory it needs, not in the larger buffer
	 * of those before it.
	 */
	private void trim() {
		int length = this.bytes.readableBytes();
		if (this.bytes.capacity() > Math.max(length, LITTLE_BYTES) * 4L) {
			ByteBuf rest = this.bytes.alloc().buffer(length).writeBytes(this.bytes, this.bytes.readerIndex(), length);
			this.bytes.release();
			this.bytes = rest;
		}
	}

	/**
	 * Has who waits for more bytes meet a failure.
	 * @return what is a message all the same; null when nothing is
	 * @throws IOException the failure, or what the decoder makes of it
	 */
	public @Nullable Object failed(IOException failure) throws IOException {
		return this.decoder.decodeFailed(this.bytes, failure);
	}

	/**
	 * How many bytes are kept.
	 */
	public int size() {
		return this.bytes.readableBytes();
	}

	/**
	 * Lets go of all.
	 */
	public void release() {
		this.decoder.release();
		releaseBytes();
	}

	private void releaseBytes() {
		this.bytes.release();
		this.bytes = Unpooled.EMPTY_BUFFER;
	}

}
