package dev.echod.framing;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DelimiterBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;

/**
 * Messages that end with a delimiter.
 */
final class DelimiterDecoder extends DelimiterBasedFrameDecoder {

	private final int maxFrame;

	DelimiterDecoder(int maxFrame, ByteBuf delimiter) {
		// Netty counts a delimiter that has not come to its end.
		super(maxFrame + delimiter.readableBytes() - 1, delimiter);
		this.maxFrame = maxFrame;
	}

	@Override
	protected Object decode(ChannelHandlerContext ctx, ByteBuf in) throws Exception {
		Object frame = super.decode(ctx, in);
		if (frame instanceof ByteBuf bytes && bytes.readableBytes() > this.maxFrame) {
			bytes.release();
			throw new TooLongFrameException("A message is longer than %d bytes".formatted(this.maxFrame));
		}
		return frame;
	}

	@Override
	protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
		super.decodeLast(ctx, in, out);
		TruncatedFrame.report(in, out);
	}

}
