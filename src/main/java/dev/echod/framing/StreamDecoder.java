package dev.echod.framing;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A message is what is there, as much of it as one read returns at most.
 */
final class StreamDecoder implements FrameDecoder {

	private static final int MOST = 64 * 1024;

	@Override
	public @Nullable Object decode(ByteBuf bytes) {
		return bytes.isReadable() ? bytes.readRetainedSlice(Math.min(MOST, bytes.readableBytes())) : null;
	}

}
