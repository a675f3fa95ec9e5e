package dev.echod.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.echod.connection.Acceptor;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.RefusalReason;
import dev.echod.framing.ByteArrayStreamSerializer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.AbstractServerConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorSupport;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.connection.TcpSocketSupport;
import org.springframework.util.Assert;

/**
 * A non-blocking server connection factory on event loops, for any inbound endpoint of
 * Spring Integration.
 * <p>
 * It differs from Spring's own in its defaults: the serializer and deserializer are a
 * {@link ByteArrayStreamSerializer}, {@code soTcpNoDelay} is true, the backlog is 4096,
 * and messages are handled on virtual threads. Its deserializer must keep no state
 * between two messages. The settings that have no meaning on event loops are refused.
 */
public final class NettyServerConnectionFactory extends AbstractServerConnectionFactory implements Acceptor {

	private static final int DEFAULT_BACKLOG = 4096;

	private static final long STOP_TIMEOUT_SECONDS = 12;

	private final EventLoops eventLoops;

	private final ConnectionRegistry registry;

	private final ConnectionOwner owner = new Owner();

	private final AtomicLong connectionNumber = new AtomicLong();

	private ConnectionBuffers buffers = ConnectionBuffers.DEFAULT;

	private @Nullable Frames frames;

	private long writeStallMillis;

	private volatile @Nullable Channel serverChannel;

	private volatile boolean shuttingDown;

	/**
	 * Create a factory.
	 * @param port the port; 0 for any that is free
	 */
	public NettyServerConnectionFactory(int port, EventLoops eventLoops) {
		this(port, eventLoops, new ConnectionRegistry());
	}

	/**
	 * Create a factory.
	 * @param port the port; 0 for any that is free
	 * @param registry learns of each connection
	 */
	public NettyServerConnectionFactory(int port, EventLoops eventLoops, ConnectionRegistry registry) {
		super(port);
		this.eventLoops = eventLoops;
		this.registry = registry;
		ByteArrayStreamSerializer stream = new ByteArrayStreamSerializer();
		super.setSerializer(stream);
		super.setDeserializer(stream);
		super.setSoTcpNoDelay(true);
		super.setBacklog(DEFAULT_BACKLOG);
		super.setTaskExecutor(Executors.newVirtualThreadPerTaskExecutor());
	}

	/**
	 * How much of a connection is held in memory.
	 */
	public void setBuffers(ConnectionBuffers buffers) {
		this.buffers = buffers;
	}

	/**
	 * How bytes become messages, with Netty's codecs; the serializer and deserializer are
	 * not used then. Null, the default, for them to say.
	 */
	public void setFrames(@Nullable Frames frames) {
		this.frames = frames;
	}

	/**
	 * How long a peer may not read what is sent to it before its connection is reset;
	 * zero, the default, is forever.
	 */
	public void setWriteStall(Duration writeStall) {
		this.writeStallMillis = writeStall.toMillis();
	}

	@Override
	public String getComponentType() {
		return "netty-server-connection-factory";
	}

	/**
	 * The port; when it was 0, the real one once the factory has started.
	 */
	@Override
	public int getPort() {
		return (super.getPort() == 0 && getServerSocketAddress() instanceof InetSocketAddress address)
				? address.getPort() : super.getPort();
	}

	@Override
	public @Nullable SocketAddress getServerSocketAddress() {
		Channel channel = this.serverChannel;
		return (channel != null) ? channel.localAddress() : null;
	}

	/**
	 * Binds and accepts.
	 * @throws UncheckedIOException if the address cannot be bound
	 */
	@Override
	public void start() {
		this.lifecycleMonitor.lock();
		try {
			if (isActive()) {
				return;
			}
			Assert.state(getListener() != null, () -> "No TcpListener is registered with " + this);
			this.shuttingDown = false;
			setActive(true);
			try {
				this.serverChannel = bind(super.getPort());
			}
			catch (RuntimeException ex) {
				setActive(false);
				publishServerExceptionEvent(ex);
				throw ex;
			}
			setListening(true);
			publishServerListeningEvent(getPort());
		}
		finally {
			this.lifecycleMonitor.unlock();
		}
	}

	@Override
	public void pauseAccepting() {
		this.lifecycleMonitor.lock();
		try {
			Channel channel = this.serverChannel;
			if (channel != null && isListening()) {
				setListening(false);
				channel.close().awaitUninterruptibly();
			}
		}
		finally {
			this.lifecycleMonitor.unlock();
		}
	}

	@Override
	public void resumeAccepting() {
		this.lifecycleMonitor.lock();
		try {
			if (this.serverChannel != null && !isListening()) {
				this.serverChannel = bind(getPort());
				setListening(true);
			}
		}
		finally {
			this.lifecycleMonitor.unlock();
		}
	}

	private Channel bind(int port) {
		ChannelFuture bound = this.eventLoops.serverBootstrap()
			.option(ChannelOption.SO_BACKLOG, getBacklog())
			.option(ChannelOption.SO_REUSEADDR, true)
			.handler(new AcceptHandler(name()))
			.childHandler(new ConnectionInitializer(this, this.eventLoops, this.buffers, this::setUpConnection))
			.bind((getLocalAddress() != null) ? new InetSocketAddress(getLocalAddress(), port)
					: new InetSocketAddress(port))
			.awaitUninterruptibly();
		if (!bound.isSuccess()) {
			Throwable cause = bound.cause();
			throw new UncheckedIOException((cause instanceof IOException io) ? io : new IOException(cause));
		}
		return bound.channel();
	}

	private void setUpConnection(SocketChannel channel) {
		if (!isActive() || isShuttingDown()) {
			this.registry.refused(name(), RefusalReason.STOPPING);
			channel.close();
			return;
		}
		String id = name() + "-" + Long.toHexString(this.connectionNumber.incrementAndGet());
		NettyTcpConnection connection = new NettyTcpConnection(channel, true, id, name(), channel.remoteAddress(),
				this.owner, this.eventLoops, getApplicationEventPublisher());
		connection.setReadTimeout(getSoTimeout());
		try {
			TcpConnectionSupport outermost = wrapConnection(connection);
			initializeConnection(outermost, connection.socket());
			boolean nonBlocking = outermost == connection && getListener() instanceof NonBlockingTcpListener listener
					&& !listener.mayBlock();
			connection.addTo(channel.pipeline(), outermost, nonBlocking ? null : getTaskExecutor(), this.frames,
					this.writeStallMillis);
		}
		catch (RuntimeException ex) {
			connection.removeFrom(this.connections);
			throw ex;
		}
	}

	private String name() {
		String name = getComponentName();
		return (name != null) ? name : "tcp";
	}

	/**
	 * Refuses new connections, then closes the open ones in order: what was received is
	 * answered. Waits until all are closed, twelve seconds at most.
	 */
	@Override
	public void stop() {
		this.lifecycleMonitor.lock();
		try {
			Channel channel = this.serverChannel;
			if (channel == null) {
				return;
			}
			channel.close().awaitUninterruptibly();
			setListening(false);
			this.serverChannel = null;
			List<NettyTcpConnection> open = this.connections.values()
				.stream()
				.map(NettyServerConnectionFactory::unwrap)
				.toList();
			open.forEach((connection) -> connection.close(CloseReason.LISTENER_STOPPED));
			super.stop();
			awaitClosed(open);
		}
		finally {
			this.lifecycleMonitor.unlock();
		}
	}

	private static void awaitClosed(List<NettyTcpConnection> connections) {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_TIMEOUT_SECONDS);
		for (NettyTcpConnection connection : connections) {
			long remaining = Math.max(0, deadline - System.nanoTime());
			connection.closeFuture().awaitUninterruptibly(remaining, TimeUnit.NANOSECONDS);
		}
	}

	private static NettyTcpConnection unwrap(TcpConnectionSupport connection) {
		TcpConnectionSupport innermost = connection;
		while (innermost instanceof TcpConnectionInterceptorSupport interceptor) {
			innermost = interceptor.getTheConnection();
		}
		return (NettyTcpConnection) innermost;
	}

	/**
	 * Closes a connection whose flow failed.
	 */
	void serviceFailed(String connectionId, CloseReason reason) {
		TcpConnectionSupport connection = this.connections.get(connectionId);
		if (connection != null) {
			unwrap(connection).abandon(reason);
		}
	}

	/**
	 * Does nothing: the event loops accept.
	 */
	@Override
	public void run() {
	}

	/**
	 * From now on new connections are closed; the open ones go on.
	 */
	@Override
	public int beforeShutdown() {
		this.shuttingDown = true;
		return 0;
	}

	@Override
	protected boolean isShuttingDown() {
		return this.shuttingDown;
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
		return "%s (port %d)".formatted(name(), getPort());
	}

	private final class Owner implements ConnectionOwner {

		@Override
		public void opened(NettyTcpConnection connection) {
			NettyServerConnectionFactory.this.registry.opened(connection);
		}

		@Override
		public void closed(NettyTcpConnection connection, CloseReason reason) {
			connection.removeFrom(NettyServerConnectionFactory.this.connections);
			NettyServerConnectionFactory.this.registry.closed(connection, reason);
		}

	}

}
