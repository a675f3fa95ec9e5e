package dev.echod.framing;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DelimiterBasedFrameDecoder;

/**
 * Messages that end with a delimiter.
 */
final class DelimiterDecoder extends DelimiterBasedFrameDecoder {

	DelimiterDecoder(int maxFrame, ByteBuf delimiter) {
		super(maxFrame, delimiter);
	}

	@Override
	protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
		super.decodeLast(ctx, in, out);
		if (in.isReadable()) {
			in.skipBytes(in.readableBytes());
			out.add(TruncatedFrame.INSTANCE);
		}
	}

}
