package dev.echod.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * Counts the bytes of a connection whose messages have frames, between its socket and the
 * framing's codec.
 */
final class ByteCounter extends ChannelDuplexHandler {

	private final ConnectionActivity activity;

	private final EventLoops eventLoops;

	ByteCounter(ConnectionActivity activity, EventLoops eventLoops) {
		this.activity = activity;
		this.eventLoops = eventLoops;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		this.activity.received(((ByteBuf) msg).readableBytes(), this.eventLoops.recentNanos());
		ctx.fireChannelRead(msg);
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		if (msg instanceof ByteBuf bytes) {
			this.activity.sent(bytes.readableBytes(), this.eventLoops.recentNanos());
		}
		ctx.write(msg, promise);
	}

}
