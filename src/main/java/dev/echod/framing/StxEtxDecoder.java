package dev.echod.framing;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Messages between STX and ETX.
 */
final class StxEtxDecoder implements FrameDecoder {

	private final int maxFrame;

	/**
	 * How much of the message was searched for its end.
	 */
	private int searched;

	StxEtxDecoder(int maxFrame) {
		this.maxFrame = maxFrame;
	}

	@Override
	public @Nullable Object decode(ByteBuf bytes) throws FrameException {
		if (!bytes.isReadable()) {
			return null;
		}
		int start = bytes.readerIndex();
		if (bytes.getByte(start) != Framing.STX) {
			throw new FrameException(FrameException.Kind.INVALID, "A message does not begin with STX");
		}
		int end = bytes.indexOf(start + 1 + this.searched, bytes.writerIndex(), Framing.ETX);
		int length = ((end >= 0) ? end : bytes.writerIndex()) - start - 1;
		if (length > this.maxFrame) {
			throw FrameException.tooLong(this.maxFrame);
		}
		if (end < 0) {
			this.searched = length;
			return null;
		}
		this.searched = 0;
		bytes.skipBytes(1);
		ByteBuf message = bytes.readRetainedSlice(length);
		bytes.skipBytes(1);
		return message;
	}

}
