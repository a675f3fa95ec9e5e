package dev.echod.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The first handler of an arrival, until something has come.
 */
final class Ear extends ChannelInboundHandlerAdapter {

	private final Runnable heard;

	/**
	 * Create the handler.
	 * @param heard is told of the first bytes, once, before others are
	 */
	Ear(Runnable heard) {
		this.heard = heard;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		this.heard.run();
		ctx.fireChannelRead(msg);
		ctx.pipeline().remove(this);
	}

}
