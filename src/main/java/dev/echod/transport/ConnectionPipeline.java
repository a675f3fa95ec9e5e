package dev.echod.transport;

import java.util.concurrent.Executor;

import dev.echod.connection.ConnectionActivity;
import dev.echod.connection.Endpoints;
import dev.echod.connection.ServedConnection;
import dev.echod.connection.Traffic;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;

/**
 * Makes the parts of a connection and puts them in order:
 *
 * <pre>
 * socket - [TLS] - [read time-out] - [byte rates] - input - connection - listener
 *   socket - [TLS] - output - connection - listener
 * </pre>
 */
final class ConnectionPipeline {

	private final SocketChannel channel;

	private final EventLoops eventLoops;

	private final ReadGate gate;

	private final ConnectionOutput output;

	private final ChannelWire wire;

	private final NettyTcpConnection connection;

	/**
	 * Create the parts.
	 * @param name of the listener, or of the client's connection factory
	 * @param soTimeout the factory's, in milliseconds; 0 or less is forever
	 */
	ConnectionPipeline(SocketChannel channel, EventLoops eventLoops, boolean server, String id, String name,
			Endpoints endpoints, Traffic traffic, FactoryConnections owner, int soTimeout,
			ApplicationEventPublisher eventPublisher) {
		this.channel = channel;
		this.eventLoops = eventLoops;
		this.gate = new ReadGate(channel.config());
		ConnectionActivity activity = new ConnectionActivity(traffic, eventLoops.recentNanos());
		TlsHandler tls = channel.pipeline().get(TlsHandler.class);
		this.output = new ConnectionOutput(channel, eventLoops, activity, tls != null);
		this.wire = (tls != null) ? new TlsWire(channel, eventLoops, this.gate, this.output, tls)
				: new ChannelWire(channel, eventLoops, this.gate, this.output);
		ServedConnection served = new ServedConnection(id, name, endpoints, this.wire, activity);
		this.connection = new NettyTcpConnection(channel, server, served, this.output, this.wire, owner, soTimeout,
				eventPublisher);
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
		this.connection.complete(outermost, frames);
		if (frames != null) {
			this.output.frame(frames.framing());
		}
		ListenerCalls calls = (executor != null) ? new ListenerCalls(this.connection, this.wire, this.gate, executor)
				: null;
		ConnectionInput input = new ConnectionInput(this.connection, this.eventLoops, this.gate, this.output, this.wire,
				calls);
		ChannelPipeline pipeline = this.channel.pipeline();
		int readTimeout = this.connection.readTimeoutMillis();
		if (readTimeout > 0) {
			pipeline.addLast(new ReadTimeout(readTimeout, this.connection, input, this.output));
		}
		pipeline.addLast(input);
	}

}
