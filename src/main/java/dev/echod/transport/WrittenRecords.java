package dev.echod.transport;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Counts what TLS has made of what is written: nobody else knows how many buffers the
 * socket was given. And tells of what could not be written, as the void promises of who
 * writes would: TLS forgets those.
 */
final class WrittenRecords extends ChannelOutboundHandlerAdapter {

	private long count;

	@SuppressWarnings("NullAway.Init") // set before anything is written
	private ChannelFutureListener told;

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.told = (written) -> {
			if (!written.isSuccess()) {
				ctx.fireExceptionCaught(written.cause());
			}
		};
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		this.count++;
		ctx.write(msg, promise.unvoid().addListener(this.told));
	}

	long count() {
		return this.count;
	}

}
