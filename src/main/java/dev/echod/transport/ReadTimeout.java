package dev.echod.transport;

import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;

/**
 * Ends the wait for what a peer sends. A client that awaits a reply gives the time twice,
 * as Spring's do.
 */
final class ReadTimeout extends IdleStateHandler {

	private final boolean server;

	private final ConnectionInput input;

	private final ConnectionOutput output;

	private long writtenBeforeRead;

	/**
	 * Create a time-out of so many milliseconds.
	 */
	ReadTimeout(int millis, boolean server, ConnectionInput input, ConnectionOutput output) {
		super(millis, 0, 0, TimeUnit.MILLISECONDS);
		this.server = server;
		this.input = input;
		this.output = output;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
		this.writtenBeforeRead = this.output.written();
		super.channelRead(ctx, msg);
	}

	@Override
	protected void channelIdle(ChannelHandlerContext ctx, IdleStateEvent event) {
		boolean awaiting = !this.server && this.output.written() > this.writtenBeforeRead;
		if (!awaiting || !event.isFirst()) {
			this.input.timedOut();
		}
	}

}
