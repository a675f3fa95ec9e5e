package dev.echod.client.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

import dev.echod.framing.FrameDecoder;
import dev.echod.framing.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;

/**
 * What is sent: messages in their frames, one after the other, and the first again after
 * the last. All connections of an event loop share it, each begins at another message; so
 * where messages are random what comes back on another connection, or a message too early
 * or too late, is not what is expected. Used on that event loop: of one for all the
 * counts of references would be fought for.
 */
final class Script implements AutoCloseable {

	/**
	 * Long enough not to repeat within what is in flight, and short enough for a
	 * processor's cache.
	 */
	private static final int LENGTH = 256 * 1024;

	private static final int MIN_MESSAGES = 2;

	private final ByteBuf bytes;

	/**
	 * Where each message ends.
	 */
	private final int[] ends;

	private Script(ByteBuf bytes, int[] ends) {
		this.bytes = bytes;
		this.ends = ends;
	}

	/**
	 * How many bytes one has at most.
	 */
	static long capacity(Messages messages) {
		return LENGTH + (long) MIN_MESSAGES * (messages.sizes().max() + Framing.OVERHEAD);
	}

	/**
	 * Makes one.
	 * @param seed the same makes the same
	 */
	static Script of(Messages messages, long seed) {
		RandomGenerator random = new SplittableRandom(seed);
		ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer(LENGTH + messages.sizes().max() + Framing.OVERHEAD);
		int[] ends = new int[LENGTH];
		int count = 0;
		while (count < MIN_MESSAGES || (bytes.readableBytes() < LENGTH && count < ends.length)) {
			write(messages, random, bytes);
			ends[count++] = bytes.readableBytes();
		}
		return new Script(bytes, Arrays.copyOf(ends, count));
	}

	/**
	 * Whether whoever reads frames finds one where one message was written.
	 */
	static boolean isOneFrame(Messages messages) {
		ByteBuf bytes = Unpooled.buffer();
		write(messages, new SplittableRandom(), bytes);
		FrameDecoder decoder = messages.framing().decoder(messages.sizes().max());
		try {
			ByteBuf frame = (ByteBuf) decoder.decode(bytes);
			boolean whole = frame != null && frame.readableBytes() == messages.sizes().max() && !bytes.isReadable();
			ReferenceCountUtil.release(frame);
			return whole;
		}
		catch (IOException ex) {
			return false;
		}
		finally {
			decoder.release();
			bytes.release();
		}
	}

	private static void write(Messages messages, RandomGenerator random, ByteBuf out) {
		int size = messages.sizes().next(random);
		messages.framing().begin(out, size);
		if (messages.payload() != null) {
			out.writeBytes(messages.payload().duplicate());
		}
		else {
			out.writeBytes(random(size, messages.framing(), random));
		}
		messages.framing().end(out);
	}

	/**
	 * Frames that end with a certain byte hold printable characters only.
	 */
	private static byte[] random(int size, Framing framing, RandomGenerator random) {
		byte[] message = new byte[size];
		switch (framing) {
			case LF, CRLF, STX_ETX -> {
				for (int i = 0; i < size; i++) {
					message[i] = (byte) random.nextInt(' ', 0x7f);
				}
			}
			default -> random.nextBytes(message);
		}
		return message;
	}

	/**
	 * How many messages it has.
	 */
	int messages() {
		return this.ends.length;
	}

	/**
	 * The message after one.
	 */
	int after(int message) {
		return (message + 1 < this.ends.length) ? message + 1 : 0;
	}

	/**
	 * Where a message begins.
	 */
	int begin(int message) {
		return (message > 0) ? this.ends[message - 1] : 0;
	}

	/**
	 * How many bytes a message has with its frame.
	 */
	int length(int message) {
		return this.ends[message] - begin(message);
	}

	/**
	 * How many bytes it has.
	 */
	int length() {
		return this.bytes.readableBytes();
	}

	/**
	 * Bytes of it to be sent, which are to be released. Its slices are pooled, as it is.
	 */
	ByteBuf slice(int position, int length) {
		return this.bytes.retainedSlice(position, length);
	}

	/**
	 * Whether these bytes are there, without the end between them.
	 */
	boolean isAt(int position, ByteBuf other) {
		int length = other.readableBytes();
		return position + length <= this.bytes.readableBytes()
				&& ByteBufUtil.equals(this.bytes, position, other, other.readerIndex(), length);
	}

	/**
	 * A view to compare with.
	 */
	ByteBuffer view() {
		return this.bytes.nioBuffer();
	}

	/**
	 * Lets go of it, when its event loop has ended.
	 */
	@Override
	public void close() {
		this.bytes.release();
	}

}
