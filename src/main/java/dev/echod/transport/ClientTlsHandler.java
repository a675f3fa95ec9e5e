package dev.echod.transport;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLEngine;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a connection that we have made. A peer that leaves says why in an alert, or that
 * all has come in its close_notify, and the system then resets what we send. In TLS 1.3
 * that may be all of it: the server looks at our certificate when our handshake is done
 * (RFC 8446, section 4.4.2.4). So when a write fails after the handshake the channel
 * stays open and is read to its end, for a second at most; the write's failure is told if
 * that tells nothing better.
 */
final class ClientTlsHandler extends TlsHandler {

	/**
	 * What the peer has sent is in the system's buffer: only who is behind with reading
	 * it takes any time.
	 */
	private static final long READ_MILLIS = 1000;

	/**
	 * Why the connection is lost that is read to its end.
	 */
	private @Nullable IOException failure;

	private @Nullable Future<?> deadline;

	/**
	 * Create the handler of a connection that did not begin.
	 */
	ClientTlsHandler(SSLEngine engine) {
		super(engine);
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
		super.handlerAdded(ctx);
		handshakeFuture().addListener((done) -> {
			if (done.isSuccess()) {
				ctx.channel().config().setAutoClose(false);
			}
		});
	}

	/**
	 * Also a connection that cannot be read any more after the peer's close_notify may
	 * end as it should: all has come.
	 */
	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		IOException unwritten = LostRecords.failureOf(cause);
		if (unwritten != null) {
			lost(ctx, unwritten);
			ctx.fireUserEventTriggered(OutputCut.INSTANCE);
		}
		else if (cause instanceof IOException unread && isInputEnded() && ctx.channel().isOpen()) {
			lost(ctx, unread);
		}
		else {
			super.exceptionCaught(ctx, cause);
		}
	}

	private void lost(ChannelHandlerContext ctx, IOException cause) {
		if (this.failure != null) {
			return;
		}
		this.failure = cause;
		if (isDiscarding()) {
			giveUp(ctx, cause);
			return;
		}
		try {
			ctx.executor().execute(this::passAlerts);
			this.deadline = ctx.executor().schedule(() -> giveUp(ctx, cause), READ_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			giveUp(ctx, cause);
		}
	}

	private static void giveUp(ChannelHandlerContext ctx, IOException cause) {
		ctx.fireExceptionCaught(cause);
		ctx.close();
	}

	/**
	 * After all that the system tells now: with io_uring a write that has failed, as the
	 * connection was reset, may come after the end of what was read.
	 */
	@Override
	void truncated(ChannelHandlerContext ctx) {
		ctx.executor().execute(() -> {
			if (this.failure != null) {
				ctx.fireExceptionCaught(this.failure);
			}
			else {
				super.truncated(ctx);
			}
		});
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) throws Exception {
		if (this.deadline != null) {
			this.deadline.cancel(false);
		}
		super.channelInactive(ctx);
	}

}
