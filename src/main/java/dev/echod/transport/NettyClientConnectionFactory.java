package dev.echod.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import dev.echod.connection.CloseReason;
import dev.echod.framing.ByteArrayStreamSerializer;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.AbstractClientConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.connection.TcpSocketSupport;

/**
 * A non-blocking client connection factory on event loops, for any outbound endpoint of
 * Spring Integration. Its defaults and limits are those of the
 * {@link NettyServerConnectionFactory}.
 */
public final class NettyClientConnectionFactory extends AbstractClientConnectionFactory {

	private final EventLoops eventLoops;

	private final ConnectionOwner owner = new Owner();

	private final AtomicLong connectionNumber = new AtomicLong();

	private boolean manualListenerRegistration;

	private @Nullable Frames frames;

	/**
	 * Create a factory of connections to a host and port.
	 * @param host a name or an address
	 */
	public NettyClientConnectionFactory(String host, int port, EventLoops eventLoops) {
		super(host, port);
		this.eventLoops = eventLoops;
		ByteArrayStreamSerializer stream = new ByteArrayStreamSerializer();
		super.setSerializer(stream);
		super.setDeserializer(stream);
		super.setSoTcpNoDelay(true);
		super.setTaskExecutor(Executors.newVirtualThreadPerTaskExecutor());
	}

	@Override
	public String getComponentType() {
		return "netty-client-connection-factory";
	}

	@Override
	public void start() {
		setActive(true);
	}

	/**
	 * Connects, and waits for it as long as the connect timeout says. An event loop's
	 * thread must not call.
	 */
	@Override
	protected TcpConnectionSupport buildNewConnection() {
		InetSocketAddress address = new InetSocketAddress(Objects.requireNonNull(getHost()), getPort());
		if (address.isUnresolved()) {
			throw new UncheckedIOException(new UnknownHostException(getHost()));
		}
		AtomicReference<@Nullable TcpConnectionSupport> connection = new AtomicReference<>();
		ChannelFuture connected = this.eventLoops.bootstrap()
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(getConnectTimeout().toMillis()))
			.handler(new ConnectionInitializer(this, this.eventLoops, ConnectionBuffers.DEFAULT,
					(channel) -> connection.set(setUpConnection(channel, address))))
			.connect(address)
			.awaitUninterruptibly();
		TcpConnectionSupport result = connection.get();
		if (!connected.isSuccess() || result == null) {
			Throwable cause = connected.cause();
			throw new UncheckedIOException((cause instanceof IOException io) ? io
					: new IOException("Failed to connect to %s".formatted(address), cause));
		}
		return result;
	}

	/**
	 * How bytes become messages, with Netty's codecs; the serializer and deserializer are
	 * not used then. Null, the default, for them to say.
	 */
	public void setFrames(@Nullable Frames frames) {
		this.frames = frames;
	}

	private TcpConnectionSupport setUpConnection(SocketChannel channel, InetSocketAddress peer) {
		String id = name() + "-" + Long.toHexString(this.connectionNumber.incrementAndGet());
		NettyTcpConnection connection = new NettyTcpConnection(channel, false, id, name(), peer, this.owner,
				this.eventLoops, getApplicationEventPublisher());
		connection.setReadTimeout(getSoTimeout());
		try {
			TcpConnectionSupport outermost = wrapConnection(connection);
			initializeConnection(outermost, connection.socket());
			boolean nonBlocking = outermost == connection && !this.manualListenerRegistration
					&& getConnectionTest() == null && getListener() instanceof NonBlockingTcpListener;
			connection.addTo(channel.pipeline(), outermost, nonBlocking ? null : getTaskExecutor(), this.frames, 0);
			return outermost;
		}
		catch (RuntimeException ex) {
			connection.removeFrom(this.connections);
			throw ex;
		}
	}

	private String name() {
		String name = getComponentName();
		return (name != null) ? name : "tcp-client";
	}

	@Override
	public void enableManualListenerRegistration() {
		this.manualListenerRegistration = true;
		super.enableManualListenerRegistration();
	}

	/**
	 * Not supported: a reverse lookup would block the event loop.
	 */
	@Override
	public void setLookupHost(boolean lookupHost) {
		UnsupportedSetting.refuse(lookupHost, this, "lookupHost", "a reverse lookup would block the event loop");
	}

	/**
	 * Not supported: closed connections remove themselves.
	 */
	@Override
	public void setNioHarvestInterval(int nioHarvestInterval) {
		UnsupportedSetting.refuse(true, this, "nioHarvestInterval", "closed connections remove themselves");
	}

	/**
	 * Not supported: reads do not wait for threads.
	 */
	@Override
	public void setReadDelay(long readDelay) {
		UnsupportedSetting.refuse(true, this, "readDelay", "reads do not wait for threads");
	}

	/**
	 * Not supported: there is no TLS.
	 */
	@Override
	public void setSslHandshakeTimeout(int sslHandshakeTimeout) {
		UnsupportedSetting.refuse(true, this, "sslHandshakeTimeout", "there is no TLS");
	}

	/**
	 * Not supported: there is no {@link java.net.Socket}.
	 */
	@Override
	public void setTcpSocketSupport(TcpSocketSupport tcpSocketSupport) {
		UnsupportedSetting.refuse(true, this, "tcpSocketSupport", "there is no java.net.Socket");
	}

	@Override
	public String toString() {
		return "%s (%s port %d)".formatted(name(), getHost(), getPort());
	}

	private final class Owner implements ConnectionOwner {

		@Override
		public void opened(NettyTcpConnection connection) {
		}

		@Override
		public void closed(NettyTcpConnection connection, CloseReason reason) {
			connection.removeFrom(NettyClientConnectionFactory.this.connections);
		}

	}

}
