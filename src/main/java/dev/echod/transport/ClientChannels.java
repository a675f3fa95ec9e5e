package dev.echod.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

import dev.echod.connection.ByteRates;
import dev.echod.connection.Endpoints;
import dev.echod.proxy.ProxyVersion;
import dev.echod.tls.ClientTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.AbstractClientConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;

/**
 * Connects the channels of a client connection factory, and begins them as it does.
 */
final class ClientChannels {

	private final AbstractClientConnectionFactory factory;

	private @Nullable ClientTls tls;

	/**
	 * The host name that TLS is about; null for the one that is connected to.
	 */
	private @Nullable String serverName;

	private @Nullable ProxyVersion proxyHeader;

	ClientChannels(AbstractClientConnectionFactory factory) {
		this.factory = factory;
	}

	void setTls(@Nullable ClientTls tls, @Nullable String serverName) {
		this.tls = tls;
		this.serverName = serverName;
	}

	void setProxyHeader(@Nullable ProxyVersion version) {
		this.proxyHeader = version;
	}

	/**
	 * Connects.
	 * @param timeout also of the handshake; 0 is forever
	 * @param connection completed when it is there, with TLS after the handshake
	 * @param setup makes it
	 * @return the channel; of why it could not be connected, {@link #failure} tells
	 */
	ChannelFuture connect(Bootstrap bootstrap, Duration timeout, CompletableFuture<TcpConnectionSupport> connection,
			BiFunction<SocketChannel, Endpoints, TcpConnectionSupport> setup) {
		InetSocketAddress address = new InetSocketAddress(host(), this.factory.getPort());
		if (address.isUnresolved()) {
			throw new UncheckedIOException(new UnknownHostException(host()));
		}
		return bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()))
			.handler(new ConnectionInitializer(this.factory, ConnectionBuffers.DEFAULT, () -> ByteRates.NONE,
					(channel) -> {
						if (this.proxyHeader != null) {
							channel.pipeline().addLast(new ProxyHeaderSender(this.proxyHeader));
						}
						if (this.tls != null) {
							secure(channel, this.tls);
							limitHandshake(channel, timeout, connection);
						}
						channel.pipeline().addLast(new Connected(channel, address, connection, setup));
					}))
			.connect(address);
	}

	/**
	 * On the event loop, where the connection is set up: it is either there or late.
	 */
	private void limitHandshake(Channel channel, Duration timeout, CompletableFuture<TcpConnectionSupport> connection) {
		if (timeout.isZero()) {
			return;
		}
		Future<?> limit = channel.eventLoop().schedule(() -> {
			if (connection.completeExceptionally(late())) {
				channel.close();
			}
		}, timeout.toMillis(), TimeUnit.MILLISECONDS);
		connection.whenComplete((made, failure) -> limit.cancel(false));
	}

	private void secure(SocketChannel channel, ClientTls with) {
		String name = (this.serverName != null) ? this.serverName : host();
		channel.pipeline()
			.addLast(new WrittenRecords(), new LostRecords(),
					new ClientTlsHandler(with.newEngine(name, this.factory.getPort())));
	}

	UncheckedIOException late() {
		return new UncheckedIOException(new SocketTimeoutException(
				"The connection to %s port %d was not set up in time".formatted(host(), this.factory.getPort())));
	}

	IOException failure(Future<?> connected) {
		return (connected.cause() instanceof IOException io) ? io : new IOException(
				"Failed to connect to %s port %d".formatted(host(), this.factory.getPort()), connected.cause());
	}

	private String host() {
		return Objects.requireNonNull(this.factory.getHost());
	}

}
