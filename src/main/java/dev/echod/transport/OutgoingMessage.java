package dev.echod.transport;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

import dev.echod.framing.ByteArrayStreamSerializer;
import dev.echod.framing.Framing;
import dev.echod.framing.HttpReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

import org.springframework.core.serializer.Serializer;
import org.springframework.util.Assert;

/**
 * Makes what a mapper made of a message into what an output sends.
 */
final class OutgoingMessage {

	private OutgoingMessage() {
	}

	/**
	 * A message that the output puts into a frame.
	 * @param mapped taken, also where this throws
	 * @throws IllegalArgumentException if the framing cannot hold it
	 */
	static Object framed(Framing framing, Object mapped) {
		Object content = (mapped instanceof byte[] bytes) ? Unpooled.wrappedBuffer(bytes) : mapped;
		if (content instanceof ByteBuf buffer) {
			try {
				framing.check(buffer.readableBytes());
			}
			catch (IllegalArgumentException ex) {
				buffer.release();
				throw ex;
			}
			return buffer;
		}
		Assert.isTrue(framing == Framing.HTTP && content instanceof HttpReply,
				() -> "Framing %s does not know %s".formatted(framing, content.getClass().getName()));
		return content;
	}

	/**
	 * A message as the serializer writes it.
	 * @param mapped taken, also where this throws
	 */
	static ByteBuf serialized(Serializer<?> serializer, Object mapped, ByteBufAllocator allocator) {
		if (mapped instanceof ByteBuf bytes) {
			if (serializer instanceof ByteArrayStreamSerializer) {
				return bytes;
			}
			byte[] copy = ByteBufUtil.getBytes(bytes);
			bytes.release();
			return serialized(serializer, copy, allocator);
		}
		ByteBuf buffer = allocator.ioBuffer();
		try (OutputStream stream = new ByteBufOutputStream(buffer)) {
			@SuppressWarnings("unchecked")
			Serializer<Object> known = (Serializer<Object>) serializer;
			known.serialize(mapped, stream);
			return buffer;
		}
		catch (IOException ex) {
			buffer.release();
			throw new UncheckedIOException(ex);
		}
		catch (RuntimeException | Error ex) {
			buffer.release();
			throw ex;
		}
	}

}
