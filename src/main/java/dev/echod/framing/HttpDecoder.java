package dev.echod.framing;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Requests and their contents.
 */
final class HttpDecoder extends HttpRequestDecoder {

	private static final int MAX_LINE = 8192;

	HttpDecoder(int maxHeader) {
		super(new HttpDecoderConfig().setMaxInitialLineLength(Math.min(MAX_LINE, maxHeader))
			.setMaxHeaderSize(maxHeader));
	}

	@Override
	protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
		super.decodeLast(ctx, in, out);
		TruncatedFrame.report(in, out);
	}

}
