package dev.echod.transport;

import java.util.concurrent.TimeUnit;

import dev.echod.connection.ConnectionRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses a listening socket while connections cannot be accepted, for want of file
 * descriptors above all, and tries again a little later: new clients wait in the backlog,
 * and the connections there are go on.
 */
final class AcceptHandler extends ChannelInboundHandlerAdapter {

	private static final Logger logger = LoggerFactory.getLogger(AcceptHandler.class);

	private static final long PAUSE_MILLIS = 200;

	private final String name;

	private final ConnectionRegistry registry;

	private boolean failing;

	/**
	 * Create the handler of a listening socket.
	 * @param name of the listener
	 * @param registry learns of each attempt that failed
	 */
	AcceptHandler(String name, ConnectionRegistry registry) {
		this.name = name;
		this.registry = registry;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object accepted) {
		if (this.failing) {
			this.failing = false;
			logger.info("{} accepts connections again", this.name);
		}
		ctx.fireChannelRead(accepted);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		this.registry.acceptFailed(this.name);
		if (!this.failing) {
			this.failing = true;
			logger.warn("{} cannot accept connections for now: {}", this.name, cause.getMessage());
		}
		ctx.channel().config().setAutoRead(false);
		ctx.executor().schedule(() -> ctx.channel().config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
	}

}
