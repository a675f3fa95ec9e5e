package dev.echod.transport;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

import dev.echod.admission.Admission;
import dev.echod.admission.Place;
import dev.echod.connection.ConnectionRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides on each client that a listening socket has accepted, before anything is made
 * for it; who is not let in is reset.
 * <p>
 * Accepts nobody for a while when connections cannot be accepted, for want of file
 * descriptors above all, or come too fast: new clients wait in the backlog, and the
 * connections there are go on.
 */
final class AcceptHandler extends ChannelInboundHandlerAdapter {

	/**
	 * The place of a proxy that has named no client.
	 */
	static final AttributeKey<Place> PROXY_PLACE = AttributeKey.valueOf(AcceptHandler.class, "proxyPlace");

	private static final Logger logger = LoggerFactory.getLogger(AcceptHandler.class);

	private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

	private final String name;

	private final ConnectionRegistry registry;

	private final @Nullable Admission admission;

	private boolean failing;

	private boolean pausing;

	/**
	 * Until when nobody is accepted for what has failed.
	 */
	private long retryNanos = System.nanoTime();

	/**
	 * Create the handler of a listening socket.
	 * @param name of the listener
	 * @param registry learns of each attempt that failed
	 * @param admission null to let everyone in
	 */
	AcceptHandler(String name, ConnectionRegistry registry, @Nullable Admission admission) {
		this.name = name;
		this.registry = registry;
		this.admission = admission;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object accepted) {
		if (this.failing) {
			this.failing = false;
			logger.info("{} accepts connections again", this.name);
		}
		if (isAdmitted((Channel) accepted)) {
			ctx.fireChannelRead(accepted);
		}
		pauseWhileNobodyMayCome(ctx);
	}

	private boolean isAdmitted(Channel client) {
		if (this.admission == null || !(client.remoteAddress() instanceof InetSocketAddress peer)) {
			// Who is gone already takes no place: whoever sets it up closes it.
			return true;
		}
		try {
			Place place = this.admission.admit(peer.getAddress());
			if (place != null) {
				client.closeFuture().addListener((closed) -> place.giveBack());
				if (place.isOfProxy()) {
					client.attr(PROXY_PLACE).set(place);
				}
				return true;
			}
			client.config().setOption(ChannelOption.SO_LINGER, 0);
		}
		catch (RuntimeException | Error ex) {
			logger.warn("{} could not serve a connection: {}", this.name, ex.toString());
		}
		// No event loop knows it yet.
		client.unsafe().closeForcibly();
		return false;
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		this.registry.acceptFailed(this.name);
		if (!this.failing) {
			this.failing = true;
			logger.warn("{} cannot accept connections for now: {}", this.name, cause.getMessage());
		}
		this.retryNanos = System.nanoTime() + RETRY_NANOS;
		pauseWhileNobodyMayCome(ctx);
	}

	private void pauseWhileNobodyMayCome(ChannelHandlerContext ctx) {
		long wait = waitNanos();
		if (wait > 0 && !this.pausing) {
			this.pausing = true;
			ctx.channel().config().setAutoRead(false);
			ctx.executor().schedule(() -> goOn(ctx), wait, TimeUnit.NANOSECONDS);
		}
	}

	private void goOn(ChannelHandlerContext ctx) {
		this.pausing = false;
		pauseWhileNobodyMayCome(ctx);
		if (!this.pausing && ctx.channel().isOpen()) {
			ctx.channel().config().setAutoRead(true);
		}
	}

	private long waitNanos() {
		long rate = (this.admission != null) ? this.admission.waitNanos() : 0;
		return this.failing ? Math.max(rate, this.retryNanos - System.nanoTime()) : rate;
	}

}
