package dev.echod.transport;

import dev.echod.connection.ConnectionPace;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Stops reading from a connection that is ahead of its byte rates, until it is not. What
 * was read is handled; after a peer's FIN Netty reads on, and what comes then is kept.
 */
final class PacedReads extends ChannelInboundHandlerAdapter {

	private final ConnectionPace pace;

	private final ReadGate gate;

	private final ChannelWire wire;

	private boolean ended;

	PacedReads(ConnectionPace pace, ReadGate gate, ChannelWire wire) {
		this.pace = pace;
		this.gate = gate;
		this.wire = wire;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		ctx.fireChannelRead(msg);
		if (!this.gate.has(ReadGate.Reason.AHEAD)) {
			waitWhileAhead();
		}
	}

	private void waitWhileAhead() {
		if (this.ended) {
			return;
		}
		long wait = this.pace.waitNanos(System.nanoTime());
		this.gate.set(ReadGate.Reason.AHEAD, wait > 0);
		if (wait > 0) {
			this.wire.executeAfter(this::waitWhileAhead, wait);
		}
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		this.ended = true;
		if (ctx.channel().isOpen()) {
			this.gate.set(ReadGate.Reason.AHEAD, false);
		}
	}

}
