package dev.echod.transport;

import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.echod.connection.ConnectionActivity;
import dev.echod.connection.ServedConnection;
import dev.echod.connection.Traffic;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;

/**
 * Makes the parts of a connection and puts them in order:
 *
 * <pre>
 * socket - [read time-out] - input - connection - listener
 *   socket - output - connection - listener
 * </pre>
 */
final class ConnectionPipeline {

	private final SocketChannel channel;

	private final NettyTcpConnection connection;

	private final ConnectionInput input;

	/**
	 * Create the parts.
	 * @param name of the listener, or of the client's connection factory
	 * @param soTimeout the factory's, in milliseconds; 0 or less is forever
	 */
	ConnectionPipeline(SocketChannel channel, EventLoops eventLoops, boolean server, String id, String name,
			InetSocketAddress peer, Traffic traffic, ConnectionOwner owner, int soTimeout,
			ApplicationEventPublisher eventPublisher) {
		this.channel = channel;
		ReadGate gate = new ReadGate(channel.config());
		ConnectionActivity activity = new ConnectionActivity(traffic, eventLoops.recentNanos());
		ConnectionOutput output = new ConnectionOutput(channel, eventLoops, activity);
		ChannelWire wire = new ChannelWire(channel, eventLoops, gate, output);
		ServedConnection served = new ServedConnection(id, name, peer, channel.localAddress(), wire, activity);
		this.connection = new NettyTcpConnection(channel, server, served, output, wire, owner, soTimeout,
				eventPublisher);
		this.input = new ConnectionInput(this.connection, channel, eventLoops, gate, output, wire);
		this.connection.receiveBy(this.input);
	}

	NettyTcpConnection connection() {
		return this.connection;
	}

	/**
	 * Puts the parts in order.
	 * @param outermost the last of the interceptors around the connection, or itself
	 * @param executor calls the listener; null to call it on the event loop
	 * @param frames how bytes become messages; null for the serializers to say
	 */
	void complete(TcpConnectionSupport outermost, @Nullable Executor executor, @Nullable Frames frames) {
		if (executor != null) {
			this.input.callListenerBy(executor);
		}
		this.connection.complete(outermost, frames);
		ChannelPipeline pipeline = this.channel.pipeline();
		int readTimeout = this.connection.readTimeoutMillis();
		if (readTimeout > 0) {
			pipeline.addLast(new IdleStateHandler(readTimeout, 0, 0, TimeUnit.MILLISECONDS));
		}
		pipeline.addLast(this.input);
	}

}
