package dev.echod.transport;

import java.util.function.Consumer;

import dev.echod.framing.Framing;
import dev.echod.framing.HttpReply;
import dev.echod.framing.Interim;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages into frames, small ones together for one write. Used on the event loop.
 */
final class FrameAssembly {

	/**
	 * From this size on a message is written as it is, not copied to others.
	 */
	static final int LARGE_BYTES = 2048;

	/**
	 * How much is put together.
	 */
	private static final int TOGETHER_BYTES = 16 * 1024;

	private final Framing framing;

	private final ByteBufAllocator allocator;

	private final Consumer<ByteBuf> output;

	/**
	 * Messages in their frames that are to be written together.
	 */
	private @Nullable ByteBuf together;

	/**
	 * Create an assembly.
	 * @param output takes what cannot wait for more
	 */
	FrameAssembly(Framing framing, ByteBufAllocator allocator, Consumer<ByteBuf> output) {
		this.framing = framing;
		this.allocator = allocator;
		this.output = output;
	}

	/**
	 * Adds a message.
	 * @param message a buffer, or what the framing makes bytes of; taken
	 */
	void add(Object message) {
		switch (message) {
			case ByteBuf bytes -> add(bytes);
			case HttpReply reply -> reply.write(room(0));
			case Interim interim -> interim.write(room(0));
			default -> throw new IllegalArgumentException(
					"Framing %s does not know %s".formatted(this.framing, message.getClass().getName()));
		}
	}

	private void add(ByteBuf message) {
		boolean given = false;
		try {
			int length = message.readableBytes();
			if (length < LARGE_BYTES) {
				this.framing.write(message, room(length));
				return;
			}
			ByteBuf before = room(0);
			this.framing.begin(before, length);
			if (before.isReadable()) {
				this.output.accept(take());
			}
			// Before the message is given away: what fails later would fail for its owner
			// too.
			ByteBuf after = room(0);
			given = true;
			this.output.accept(message);
			this.framing.end(after);
		}
		finally {
			if (!given) {
				message.release();
			}
		}
	}

	/**
	 * Where a message of this length is to be put.
	 */
	private ByteBuf room(int length) {
		ByteBuf room = this.together;
		if (room == null) {
			room = this.allocator.ioBuffer(length + Framing.OVERHEAD);
			this.together = room;
		}
		return room;
	}

	/**
	 * Whether there is enough for a write.
	 */
	boolean isFull() {
		return this.together != null && this.together.readableBytes() >= TOGETHER_BYTES;
	}

	/**
	 * Whether there is nothing.
	 */
	boolean isEmpty() {
		return this.together == null;
	}

	/**
	 * Takes what was put together, for its writing.
	 */
	ByteBuf take() {
		ByteBuf taken = room(0);
		this.together = null;
		return taken;
	}

}
