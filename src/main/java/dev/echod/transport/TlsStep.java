package dev.echod.transport;

import java.nio.channels.ClosedChannelException;

import javax.net.ssl.SSLEngine;

import dev.echod.connection.CloseReason;
import dev.echod.tls.ServerTls;
import dev.echod.tls.TlsSession;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/**
 * Awaits a client's TLS handshake.
 */
final class TlsStep implements ArrivalStep {

	private final ServerTls tls;

	TlsStep(ServerTls tls) {
		this.tls = tls;
	}

	@Override
	public void await(ChannelPipeline pipeline, ChannelArrival arrival) {
		SSLEngine engine = this.tls.newEngine();
		TlsHandler handler = new TlsHandler(engine);
		pipeline.addLast(new WrittenRecords(), handler, new Handshake(handler, this.tls.session(engine), arrival));
	}

	@Override
	public CloseReason unfinished() {
		return CloseReason.TLS_HANDSHAKE;
	}

	/**
	 * Learns how it went, and goes.
	 */
	private static final class Handshake extends ChannelInboundHandlerAdapter {

		private final TlsHandler handler;

		private final TlsSession session;

		private final ChannelArrival arrival;

		Handshake(TlsHandler handler, TlsSession session, ChannelArrival arrival) {
			this.handler = handler;
			this.session = session;
			this.arrival = arrival;
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
			if (!(event instanceof SslHandshakeCompletionEvent completion)) {
				if (event == ChannelArrival.Expired.EVENT) {
					this.session.expired();
				}
				ctx.fireUserEventTriggered(event);
			}
			else if (completion.isSuccess()) {
				this.handler.secured();
				this.arrival.done((ends) -> ends.encrypted(this.session.succeeded()));
				ctx.pipeline().remove(this);
			}
			else {
				failed(completion.cause());
			}
		}

		/**
		 * Who never said a word has begun none. Of a channel that is closed the arrival
		 * learns itself.
		 */
		private void failed(Throwable cause) {
			boolean closed = cause instanceof ClosedChannelException;
			if (this.arrival.isHeard() || !closed) {
				this.session.failed(cause);
			}
			if (!closed) {
				this.arrival.exceptionCaught(cause);
			}
		}

	}

}
