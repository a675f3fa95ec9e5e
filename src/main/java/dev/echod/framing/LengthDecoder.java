package dev.echod.framing;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Messages that come after their length.
 */
final class LengthDecoder implements FrameDecoder {

	private final int maxFrame;

	private final int lengthBytes;

	LengthDecoder(int maxFrame, int lengthBytes) {
		this.maxFrame = maxFrame;
		this.lengthBytes = lengthBytes;
	}

	@Override
	public @Nullable Object decode(ByteBuf bytes) throws FrameException {
		if (bytes.readableBytes() < this.lengthBytes) {
			return null;
		}
		long length = length(bytes);
		if (length > this.maxFrame) {
			throw FrameException.tooLong(this.maxFrame);
		}
		if (bytes.readableBytes() < this.lengthBytes + length) {
			return null;
		}
		bytes.skipBytes(this.lengthBytes);
		return bytes.readRetainedSlice((int) length);
	}

	private long length(ByteBuf bytes) {
		int start = bytes.readerIndex();
		return switch (this.lengthBytes) {
			case 1 -> bytes.getUnsignedByte(start);
			case 2 -> bytes.getUnsignedShort(start);
			default -> bytes.getUnsignedInt(start);
		};
	}

}
