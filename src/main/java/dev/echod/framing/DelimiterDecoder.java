package dev.echod.framing;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Messages that end with a line feed, or with a carriage return and a line feed.
 */
final class DelimiterDecoder implements FrameDecoder {

	private final int maxFrame;

	/**
	 * What comes before the line feed: 1 for a carriage return.
	 */
	private final int before;

	/**
	 * How much of the message was searched for its end.
	 */
	private int searched;

	DelimiterDecoder(int maxFrame, boolean carriageReturn) {
		this.maxFrame = maxFrame;
		this.before = carriageReturn ? 1 : 0;
	}

	@Override
	public @Nullable Object decode(ByteBuf bytes) throws FrameException {
		int start = bytes.readerIndex();
		int lineFeed = bytes.indexOf(start + this.searched, bytes.writerIndex(), (byte) '\n');
		while (lineFeed >= 0 && !isDelimiter(bytes, start, lineFeed)) {
			lineFeed = bytes.indexOf(lineFeed + 1, bytes.writerIndex(), (byte) '\n');
		}
		// Of a delimiter that has not come to its end, what came is no part of the
		// message.
		int length = ((lineFeed >= 0) ? lineFeed : bytes.writerIndex()) - start - this.before;
		if (length > this.maxFrame) {
			throw FrameException.tooLong(this.maxFrame);
		}
		if (lineFeed < 0) {
			this.searched = bytes.readableBytes();
			return null;
		}
		this.searched = 0;
		ByteBuf message = bytes.readRetainedSlice(length);
		bytes.skipBytes(this.before + 1);
		return message;
	}

	private boolean isDelimiter(ByteBuf bytes, int start, int lineFeed) {
		return this.before == 0 || (lineFeed > start && bytes.getByte(lineFeed - 1) == '\r');
	}

}
