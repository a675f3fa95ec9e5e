package dev.echod.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Counts what TLS has made of what is written: nobody else knows how many buffers the
 * socket was given.
 */
final class WrittenRecords extends ChannelOutboundHandlerAdapter {

	private long count;

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		this.count++;
		ctx.write(msg, promise);
	}

	long count() {
		return this.count;
	}

}
