package dev.echod.transport;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

import dev.echod.connection.CloseReason;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;

/**
 * Ends the wait for what a peer sends; none is waited for after its FIN, nor while we
 * close. A client that awaits a reply gives the time twice, as Spring's do.
 */
final class ReadTimeout extends IdleStateHandler {

	private final NettyTcpConnection connection;

	private final ConnectionInput input;

	private final ConnectionOutput output;

	private long writtenBeforeRead;

	/**
	 * Create a time-out of so many milliseconds.
	 */
	ReadTimeout(int millis, NettyTcpConnection connection, ConnectionInput input, ConnectionOutput output) {
		super(millis, 0, 0, TimeUnit.MILLISECONDS);
		this.connection = connection;
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
		boolean awaiting = !this.connection.isServer() && this.output.written() > this.writtenBeforeRead;
		if (!this.input.isEnded() && (!awaiting || !event.isFirst())) {
			timedOut();
		}
	}

	private void timedOut() {
		IOException failure = new SocketTimeoutException("Timing out connection");
		try {
			if (this.input.meets(failure)) {
				return;
			}
		}
		catch (IOException ex) {
			failure = ex;
		}
		catch (RuntimeException ex) {
			failure = new IOException(ex);
		}
		this.connection.broken(failure, CloseReason.READ_TIMEOUT);
	}

}
