package dev.echod.transport;

import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.echod.connection.Acceptor;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionIds;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.RefusalReason;
import dev.echod.framing.ByteArrayStreamSerializer;
import dev.echod.gateway.NonBlockingTcpListener;
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

	private final FactoryConnections owned;

	private final ConnectionIds ids = new ConnectionIds();

	/**
	 * For starting, stopping and pausing: an event loop never waits for it, so that who
	 * has it may wait for an event loop.
	 */
	private final Lock accepting = new ReentrantLock();

	private ConnectionBuffers buffers = ConnectionBuffers.DEFAULT;

	private @Nullable Frames frames;

	private volatile @Nullable ListeningChannel serverChannel;

	private volatile @Nullable Executor executor;

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
		this.owned = new FactoryConnections(this.connections, registry);
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
		ListeningChannel channel = this.serverChannel;
		return (channel != null) ? channel.address() : null;
	}

	/**
	 * Binds and accepts. An event loop's thread must not call, nor any of the methods
	 * that stop or pause.
	 * @throws UncheckedIOException if the address cannot be bound, with a
	 * {@link BindException}
	 */
	@Override
	public void start() {
		this.accepting.lock();
		try {
			if (isActive()) {
				return;
			}
			Assert.state(getListener() != null, () -> "No TcpListener is registered with " + this);
			this.shuttingDown = false;
			setActive(true);
			try {
				this.executor = getTaskExecutor();
				this.serverChannel = bind(super.getPort());
			}
			catch (BindException ex) {
				setActive(false);
				publishServerExceptionEvent(ex);
				throw new UncheckedIOException(ex);
			}
			catch (RuntimeException ex) {
				setActive(false);
				throw ex;
			}
			setListening(true);
			publishServerListeningEvent(getPort());
		}
		finally {
			this.accepting.unlock();
		}
	}

	@Override
	public void pauseAccepting() {
		this.accepting.lock();
		try {
			ListeningChannel channel = this.serverChannel;
			if (channel != null && isListening()) {
				setListening(false);
				channel.close();
			}
		}
		finally {
			this.accepting.unlock();
		}
	}

	@Override
	public void resumeAccepting() {
		this.accepting.lock();
		try {
			if (this.serverChannel != null && !isListening()) {
				this.serverChannel = bind(getPort());
				setListening(true);
			}
		}
		catch (BindException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.accepting.unlock();
		}
	}

	private ListeningChannel bind(int port) throws BindException {
		return ListeningChannel.bind(
				this.eventLoops.serverBootstrap()
					.option(ChannelOption.SO_BACKLOG, getBacklog())
					.option(ChannelOption.SO_REUSEADDR, true)
					.handler(new AcceptHandler(name()))
					.childHandler(new ConnectionInitializer(this, this.buffers, this::setUpConnection)),
				(getLocalAddress() != null) ? new InetSocketAddress(getLocalAddress(), port)
						: new InetSocketAddress(port));
	}

	private void setUpConnection(SocketChannel channel) {
		if (!isActive() || isShuttingDown()) {
			this.registry.refused(name(), RefusalReason.STOPPING);
			channel.close();
			return;
		}
		InetSocketAddress peer = channel.remoteAddress();
		if (peer == null) {
			// It was gone before its socket was set up, which is no news.
			channel.close();
			return;
		}
		ConnectionPipeline pipeline = new ConnectionPipeline(channel, this.eventLoops, true, this.ids.next(name()),
				name(), peer, this.registry.trafficOf(name(), channel.eventLoop()), this.owned, getSoTimeout(),
				getApplicationEventPublisher());
		NettyTcpConnection connection = pipeline.connection();
		try {
			TcpConnectionSupport outermost = wrapConnection(connection);
			initializeConnection(outermost, connection.socket());
			boolean nonBlocking = outermost == connection && getListener() instanceof NonBlockingTcpListener listener
					&& !listener.mayBlock();
			pipeline.complete(outermost, nonBlocking ? null : this.executor, this.frames);
		}
		catch (RuntimeException | Error ex) {
			this.owned.remove(connection);
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
		this.accepting.lock();
		try {
			ListeningChannel channel = this.serverChannel;
			if (channel == null) {
				return;
			}
			channel.close();
			setListening(false);
			this.serverChannel = null;
			// From here on nobody is set up who would not be closed.
			setActive(false);
			this.owned.closeAll(CloseReason.LISTENER_STOPPED);
			super.stop();
			this.registry.awaitNone(name(), TimeUnit.SECONDS.toNanos(STOP_TIMEOUT_SECONDS));
		}
		finally {
			this.accepting.unlock();
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

	/**
	 * The ids of the open connections. None is forgotten by asking: each takes itself
	 * away at its end.
	 */
	@Override
	public List<String> getOpenConnectionIds() {
		return this.owned.openIds();
	}

	/**
	 * Closes a connection in order, and returns at once.
	 * @return whether there was one
	 */
	@Override
	public boolean closeConnection(String connectionId) {
		return this.owned.close(connectionId);
	}

	@Override
	public String toString() {
		return "%s (port %d)".formatted(name(), getPort());
	}

}
