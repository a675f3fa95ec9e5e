package dev.echod.framing;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;

/**
 * Messages between STX and ETX.
 */
final class StxEtxDecoder extends ByteToMessageDecoder {

	private final int maxFrame;

	/**
	 * How much of the message was searched for its end.
	 */
	private int searched;

	StxEtxDecoder(int maxFrame) {
		this.maxFrame = maxFrame;
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		int start = in.readerIndex();
		if (in.getByte(start) != Framing.STX) {
			in.skipBytes(in.readableBytes());
			throw new CorruptedFrameException("A message does not begin with STX");
		}
		int end = in.indexOf(start + 1 + this.searched, in.writerIndex(), Framing.ETX);
		int length = ((end >= 0) ? end : in.writerIndex()) - start - 1;
		if (length > this.maxFrame) {
			in.skipBytes(in.readableBytes());
			this.searched = 0;
			throw new TooLongFrameException("A message is longer than %d bytes".formatted(this.maxFrame));
		}
		if (end < 0) {
			this.searched = length;
			return;
		}
		this.searched = 0;
		in.skipBytes(1);
		out.add(in.readRetainedSlice(length));
		in.skipBytes(1);
	}

	@Override
	protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
		super.decodeLast(ctx, in, out);
		TruncatedFrame.report(in, out);
	}

}
