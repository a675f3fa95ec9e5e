package dev.echod.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;

import dev.echod.framing.FrameDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import org.springframework.core.serializer.Deserializer;
import org.springframework.integration.ip.tcp.serializer.SoftEndOfStreamException;

/**
 * Runs a blocking {@link Deserializer} over bytes as they arrive: when it asks for more
 * than has come, it is started again from its message's first byte when more is there. It
 * must therefore keep no state between two messages, and costs most where a long message
 * comes in many small pieces.
 */
final class DeserializerDecoder implements FrameDecoder {

	private final Deserializer<?> deserializer;

	private final Received received = new Received();

	private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

	private boolean ended;

	private @Nullable IOException failure;

	DeserializerDecoder(Deserializer<?> deserializer) {
		this.deserializer = deserializer;
	}

	@Override
	public @Nullable Object decode(ByteBuf in) throws IOException {
		return in.isReadable() ? deserialize(in) : null;
	}

	@Override
	public @Nullable Object decodeEnd(ByteBuf in) throws IOException {
		this.ended = true;
		try {
			return in.isReadable() ? deserialize(in) : null;
		}
		catch (SoftEndOfStreamException ex) {
			// Between two messages, as it should be.
			return null;
		}
	}

	@Override
	public @Nullable Object decodeFailed(ByteBuf in, IOException cause) throws IOException {
		this.failure = cause;
		try {
			return deserialize(in);
		}
		finally {
			this.failure = null;
		}
	}

	private @Nullable Object deserialize(ByteBuf in) throws IOException {
		this.bytes = in;
		int start = in.readerIndex();
		Object message;
		try {
			message = this.deserializer.deserialize(this.received);
		}
		catch (MoreBytesNeeded more) {
			in.readerIndex(start);
			return null;
		}
		if (in.readerIndex() == start && this.failure == null) {
			throw new IOException("%s took no bytes for a message".formatted(this.deserializer));
		}
		return message;
	}

	private final class Received extends InputStream {

		@Override
		public int read() throws IOException {
			return ready() ? DeserializerDecoder.this.bytes.readUnsignedByte() : -1;
		}

		@Override
		public int read(byte[] target, int offset, int length) throws IOException {
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

		private boolean ready() throws IOException {
			if (available() > 0) {
				return true;
			}
			if (DeserializerDecoder.this.failure != null) {
				throw DeserializerDecoder.this.failure;
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
