package dev.echod.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;

import org.springframework.core.serializer.Deserializer;
import org.springframework.integration.ip.tcp.serializer.SoftEndOfStreamException;

/**
 * Runs a blocking {@link Deserializer} over bytes as they arrive: when it asks for more
 * than has come, it is started again from its message's first byte when more is there. It
 * must therefore keep no state between two messages, and costs most where a long message
 * comes in many small pieces. Used by one event loop.
 */
final class DeserializerDecoder {

	private final Deserializer<?> deserializer;

	private final Received received = new Received();

	private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

	private boolean ended;

	DeserializerDecoder(Deserializer<?> deserializer) {
		this.deserializer = deserializer;
	}

	/**
	 * Decodes what is complete with the new bytes.
	 * @param in the new bytes; released here
	 * @throws IOException if the deserializer refuses the bytes
	 */
	void decode(ByteBufAllocator allocator, ByteBuf in, Output output) throws IOException {
		this.bytes = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, this.bytes, in);
		decodeComplete(output);
	}

	/**
	 * Decodes what the end of the stream completes.
	 * @throws IOException if the deserializer refuses the end where it is
	 */
	void end(Output output) throws IOException {
		this.ended = true;
		try {
			decodeComplete(output);
		}
		catch (SoftEndOfStreamException ex) {
			// Between two messages, as it should be.
		}
	}

	void release() {
		this.bytes.release();
		this.bytes = Unpooled.EMPTY_BUFFER;
	}

	private void decodeComplete(Output output) throws IOException {
		while (this.bytes.isReadable()) {
			int start = this.bytes.readerIndex();
			Object payload;
			try {
				payload = this.deserializer.deserialize(this.received);
			}
			catch (MoreBytesNeeded more) {
				this.bytes.readerIndex(start);
				return;
			}
			int length = this.bytes.readerIndex() - start;
			if (length == 0) {
				throw new IOException("%s took no bytes for a message".formatted(this.deserializer));
			}
			output.message(payload, length);
		}
		release();
	}

	/**
	 * Takes a decoded message.
	 */
	interface Output {

		void message(Object payload, int length);

	}

	private final class Received extends InputStream {

		@Override
		public int read() {
			return ready() ? DeserializerDecoder.this.bytes.readUnsignedByte() : -1;
		}

		@Override
		public int read(byte[] target, int offset, int length) {
			if (length == 0) {
				return 0;
			}
			if (!ready()) {
				return -1;
			}
			int count = Math.min(length, available());
			DeserializerDecoder.this.bytes.readBytes(target, offset, count);
			return count;
		}

		@Override
		public int available() {
			return DeserializerDecoder.this.bytes.readableBytes();
		}

		private boolean ready() {
			if (available() > 0) {
				return true;
			}
			if (DeserializerDecoder.this.ended) {
				return false;
			}
			throw MoreBytesNeeded.INSTANCE;
		}

	}

	/**
	 * An error, so that no deserializer takes it for a failed read; without a stack
	 * trace, as it is no failure.
	 */
	private static final class MoreBytesNeeded extends Error {

		@SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack trace
		static final MoreBytesNeeded INSTANCE = new MoreBytesNeeded();

		@Serial
		private static final long serialVersionUID = 1L;

		private MoreBytesNeeded() {
			super(null, null, false, false);
		}

	}

}
