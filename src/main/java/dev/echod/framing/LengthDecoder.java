package dev.echod.framing;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;

/**
 * Messages that come after their length.
 */
final class LengthDecoder extends LengthFieldBasedFrameDecoder {

	LengthDecoder(int maxFrame, int lengthBytes) {
		super(maxFrame + lengthBytes, 0, lengthBytes, 0, lengthBytes);
	}

	@Override
	protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
		super.decodeLast(ctx, in, out);
		TruncatedFrame.report(in, out);
	}

}
