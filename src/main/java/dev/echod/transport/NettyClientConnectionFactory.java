package dev.echod.transport;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionIds;
import dev.echod.connection.Endpoints;
import dev.echod.connection.Traffic;
import dev.echod.framing.ByteArrayStreamSerializer;
import dev.echod.gateway.NonBlockingTcpListener;
import dev.echod.proxy.ProxyVersion;
import dev.echod.tls.ClientTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
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

	private final ClientChannels channels = new ClientChannels(this);

	private final FactoryConnections owned = new FactoryConnections(this.connections, null);

	private final ConnectionIds ids = new ConnectionIds();

	private final Traffic traffic = Traffic.unknown();

	private boolean manualListenerRegistration;

	private @Nullable Frames frames;

	/**
	 * Null when it was set in seconds, or not at all.
	 */
	private @Nullable Duration connectTimeout;

	private Duration sendTimeout = Duration.ZERO;

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

	/**
	 * Sets how long to wait for a connection, which Spring's own setter takes in seconds;
	 * 0 is forever.
	 */
	public void setConnectTimeout(Duration timeout) {
		this.connectTimeout = timeout;
	}

	/**
	 * Sets how long who sends waits for the peer to take it, and what was sent before;
	 * then the connection is reset. 0, the default, is forever.
	 */
	public void setSendTimeout(Duration timeout) {
		this.sendTimeout = timeout;
	}

	@Override
	protected Duration getConnectTimeout() {
		return (this.connectTimeout != null) ? this.connectTimeout : super.getConnectTimeout();
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
	 * Closes the connections in order, and returns at once.
	 */
	@Override
	public void stop() {
		this.owned.closeAll(CloseReason.CLOSED);
		super.stop();
	}

	/**
	 * Connects, and waits for it as long as the connect timeout says. An event loop's
	 * thread must not call.
	 */
	@Override
	protected TcpConnectionSupport buildNewConnection() {
		CompletableFuture<TcpConnectionSupport> connection = new CompletableFuture<>();
		ChannelFuture connected = this.channels.connect(this.eventLoops.bootstrap(), getConnectTimeout(), connection,
				(channel, endpoints) -> setUpConnection(channel, endpoints, (made) -> {
				}))
			.awaitUninterruptibly();
		if (!connected.isSuccess()) {
			throw new UncheckedIOException(this.channels.failure(connected));
		}
		try {
			long millis = getConnectTimeout().toMillis();
			return ((millis > 0) ? connection.orTimeout(millis, TimeUnit.MILLISECONDS) : connection).join();
		}
		catch (CompletionException ex) {
			connected.channel().close();
			throw switch (ex.getCause()) {
				case RuntimeException failure -> failure;
				case TimeoutException late -> this.channels.late();
				case null, default -> ex;
			};
		}
	}

	/**
	 * Secures the connections, which are there after their handshake: it counts with the
	 * connect timeout.
	 * @param tls null, the default, for connections that are not secured
	 * @param serverName the host name that is sent, and looked for in the server's
	 * certificate; null for the one that is connected to
	 */
	public void setTls(@Nullable ClientTls tls, @Nullable String serverName) {
		this.channels.setTls(tls, serverName);
	}

	/**
	 * Has each connection begin with a PROXY header that names its own ends.
	 * @param version null, the default, for none
	 */
	public void setProxyHeader(@Nullable ProxyVersion version) {
		this.channels.setProxyHeader(version);
	}

	/**
	 * Connects without waiting for it, which an event loop's thread may do as well if the
	 * host is an address. Who calls is told of a failure; no event is.
	 * @param eventLoop which of the event loops runs the connection
	 * @param source the address of this machine that it comes from; null for the one that
	 * the system chooses
	 * @param ready is given the connection on its event loop, before anything is read
	 * from it, to set what is this connection's own: a listener, a mapper
	 * @return completes with the connection, or with why there is none
	 */
	public CompletableFuture<TcpConnectionSupport> connect(EventLoop eventLoop, @Nullable InetAddress source,
			Consumer<TcpConnectionSupport> ready) {
		checkActive();
		CompletableFuture<TcpConnectionSupport> connection = new CompletableFuture<>();
		Bootstrap bootstrap = this.eventLoops.bootstrap(eventLoop);
		if (source != null) {
			bootstrap.localAddress(source, 0);
		}
		this.channels
			.connect(bootstrap, getConnectTimeout(), connection,
					(channel, endpoints) -> setUpConnection(channel, endpoints, ready))
			.addListener((connected) -> {
				if (!connected.isSuccess()) {
					connection.completeExceptionally(this.channels.failure(connected));
				}
			});
		return connection;
	}

	/**
	 * How bytes become messages, with Netty's codecs; the serializer and deserializer are
	 * not used then. Null, the default, for them to say.
	 */
	public void setFrames(@Nullable Frames frames) {
		this.frames = frames;
	}

	private TcpConnectionSupport setUpConnection(SocketChannel channel, Endpoints endpoints,
			Consumer<TcpConnectionSupport> ready) {
		ConnectionPipeline pipeline = new ConnectionPipeline(channel, this.eventLoops, false, this.ids.next(name()),
				name(), endpoints, this.traffic, this.owned, getSoTimeout(), getApplicationEventPublisher());
		NettyTcpConnection connection = pipeline.connection();
		// Before anybody learns of the connection: there is none in a factory that stops.
		Executor executor = getTaskExecutor();
		try {
			TcpConnectionSupport outermost = wrapConnection(connection);
			initializeConnection(outermost, connection.socket());
			ready.accept(outermost);
			boolean nonBlocking = outermost == connection && !this.manualListenerRegistration
					&& getConnectionTest() == null && connection.getListener() instanceof NonBlockingTcpListener;
			pipeline.complete(outermost, nonBlocking ? null : executor, this.frames);
			if (this.sendTimeout.isPositive()) {
				connection.output().waitAtMost(this.sendTimeout.toNanos());
			}
			return outermost;
		}
		catch (RuntimeException | Error ex) {
			this.owned.abandoned(connection);
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
	 * Not supported: a handshake counts with the connect timeout.
	 */
	@Override
	public void setSslHandshakeTimeout(int sslHandshakeTimeout) {
		UnsupportedSetting.refuse(true, this, "sslHandshakeTimeout", "a handshake counts with the connect timeout");
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
		return "%s (%s port %d)".formatted(name(), getHost(), getPort());
	}

}
