package dev.echod.transport;

import java.io.IOException;

import dev.echod.framing.FrameBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has received and its listener was not given, with its share of the
 * {@link BufferMemory}. Messages are cut out of it as the connection's {@link Decoding}
 * says at that moment. Used on the event loop.
 */
final class KeptInput {

	private final NettyTcpConnection connection;

	private final BufferMemory memory;

	private Decoding decoding = Decoding.STREAM;

	/**
	 * Null when a message is what one read returns, and nothing is kept.
	 */
	private @Nullable FrameBuffer frames;

	/**
	 * Bytes that came while they were not to be read.
	 */
	private long heldHere;

	KeptInput(NettyTcpConnection connection, BufferMemory memory) {
		this.connection = connection;
		this.memory = memory;
	}

	@SuppressWarnings("ReferenceEquality") // the same object is the same decoding
	private void follow() {
		Decoding next = this.connection.decoding();
		if (next != null && next != this.decoding) {
			this.decoding = next;
			if (this.frames != null) {
				this.frames.decodeWith(next.decoder());
			}
			else if (!next.stream()) {
				this.frames = new FrameBuffer(next.decoder());
			}
		}
	}

	/**
	 * Whether what is read next is a message as it is, and all before it was taken.
	 */
	boolean isBypassed() {
		follow();
		return this.frames == null;
	}

	/**
	 * Adds what was received.
	 * @param received taken
	 * @param unwanted whether it was not to be read
	 * @return whether so much may be kept
	 */
	boolean add(ByteBufAllocator allocator, ByteBuf received, boolean unwanted) {
		int length = received.readableBytes();
		FrameBuffer keeping = this.frames;
		if (keeping == null) {
			keeping = new FrameBuffer(this.decoding.decoder());
			this.frames = keeping;
		}
		keeping.add(allocator, received);
		if (unwanted) {
			this.heldHere += length;
		}
		return !unwanted || this.memory.hold(length);
	}

	/**
	 * Nothing more will be added.
	 */
	void end() {
		if (this.frames != null) {
			this.frames.end();
		}
	}

	/**
	 * Takes the next message.
	 * @return null when none is complete
	 * @throws IOException if the bytes are no message, or the end came within one;
	 * nothing more can be taken then
	 */
	@Nullable Object next() throws IOException {
		follow();
		return (this.frames != null) ? this.frames.next() : null;
	}

	/**
	 * Has who waits for the rest of a message meet a failure.
	 * @return what is a message all the same; null when nothing is
	 * @throws IOException the failure, or what the deserializer made of it
	 */
	@Nullable Object failed(IOException failure) throws IOException {
		follow();
		if (this.frames == null) {
			throw failure;
		}
		return this.frames.failed(failure);
	}

	/**
	 * How many bytes are kept.
	 */
	int size() {
		return (this.frames != null) ? this.frames.size() : 0;
	}

	/**
	 * What is left is the beginning of a message, which may be kept.
	 */
	void taken() {
		giveBack();
		if (this.decoding.stream() && size() == 0) {
			release();
		}
	}

	private void giveBack() {
		if (this.heldHere > 0) {
			this.memory.letGo(this.heldHere);
			this.heldHere = 0;
		}
	}

	/**
	 * Lets go of all.
	 */
	void release() {
		giveBack();
		if (this.frames != null) {
			this.frames.release();
			this.frames = null;
		}
	}

}
