package dev.echod.transport;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Keeps from TLS that a write has failed while the channel is still read: where it was a
 * record of its own, as the answer to a close_notify is, it would close the channel. Who
 * waits for what was lost learns of it when all of the channel's end was told, and it is
 * known why.
 */
final class LostRecords extends ChannelDuplexHandler {

	@SuppressWarnings("NullAway.Init") // set before anything is written
	private ChannelPromise ended;

	private boolean cut;

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.ended = ctx.newPromise();
	}

	/**
	 * After the channel has been closed, and all was told of it.
	 */
	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		this.ended.trySuccess();
	}

	/**
	 * Tells of the first write that has failed, before its promise does: all others that
	 * wait fail with it.
	 */
	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (failureOf(cause) == null) {
			ctx.fireExceptionCaught(cause);
		}
		else if (!this.cut) {
			this.cut = true;
			ctx.fireExceptionCaught(cause);
		}
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		if (this.cut) {
			ReferenceCountUtil.release(msg);
			failAtEnd(promise, new ClosedChannelException());
			return;
		}
		ctx.write(msg, ctx.newPromise()).addListener((written) -> {
			if (written.isSuccess()) {
				promise.trySuccess();
			}
			else if (this.cut) {
				failAtEnd(promise, written.cause());
			}
			else {
				promise.tryFailure(written.cause());
			}
		});
	}

	private void failAtEnd(ChannelPromise promise, Throwable cause) {
		this.ended.addListener((done) -> promise.tryFailure(cause));
	}

	/**
	 * Why a write has failed of a channel that is still open.
	 * @param cause what its promise was told
	 * @return null when it is no such failure, nor one that our own FIN came before
	 */
	static @Nullable IOException failureOf(Throwable cause) {
		return (cause instanceof ChannelOutputShutdownException && cause.getCause() instanceof IOException failure)
				? failure : null;
	}

}
