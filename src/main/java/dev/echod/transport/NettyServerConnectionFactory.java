package dev.echod.transport;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

import dev.echod.admission.Admission;
import dev.echod.connection.ByteRates;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionIds;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.Endpoints;
import dev.echod.connection.RefusalReason;
import dev.echod.connection.TcpOptions;
import dev.echod.framing.ByteArrayStreamSerializer;
import dev.echod.gateway.NonBlockingTcpListener;
import dev.echod.proxy.ProxyProtocol;
import dev.echod.tls.ServerTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.connection.TcpSocketSupport;

/**
 * A non-blocking server connection factory on event loops, for any inbound endpoint of
 * Spring Integration.
 * <p>
 * It differs from Spring's own in its defaults: the serializer and deserializer are a
 * {@link ByteArrayStreamSerializer}, {@code soTcpNoDelay} is true, the backlog is 4096,
 * and messages are handled on virtual threads. Its deserializer must keep no state
 * between two messages. The settings that have no meaning on event loops are refused.
 */
public final class NettyServerConnectionFactory extends AcceptingConnectionFactory {

	private static final int DEFAULT_BACKLOG = 4096;

	private final EventLoops eventLoops;

	private final ConnectionRegistry registry;

	private final FactoryConnections owned;

	private final ConnectionIds ids = new ConnectionIds();

	private ConnectionBuffers buffers = ConnectionBuffers.DEFAULT;

	private @Nullable Frames frames;

	private TcpOptions tcpOptions = TcpOptions.NONE;

	private Supplier<ByteRates> rates = () -> ByteRates.NONE;

	private @Nullable Admission admission;

	private final List<ArrivalStep> steps = new ArrayList<>();

	private volatile @Nullable Executor executor;

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

	/**
	 * What the system's TCP is told besides. By default nothing; what is not taken by the
	 * event loops' transport is left away.
	 */
	public void setTcpOptions(TcpOptions tcpOptions) {
		this.tcpOptions = tcpOptions;
	}

	/**
	 * What each connection is held to that comes from now on; asked for each. By default
	 * nothing.
	 */
	public void setRates(Supplier<ByteRates> rates) {
		this.rates = rates;
	}

	/**
	 * Who may come in. Null, the default, for everyone.
	 */
	public void setAdmission(@Nullable Admission admission) {
		this.admission = admission;
	}

	/**
	 * Whether connections begin with a PROXY header, before anything else.
	 */
	public void setProxyProtocol(ProxyProtocol protocol) {
		if (protocol.isOn()) {
			this.steps.addFirst(new ProxyStep(protocol));
		}
	}

	/**
	 * Secures the connections, which are ready after their handshake; who has the
	 * registry of connections ends what takes too long. Called once, before the start.
	 */
	public void setTls(ServerTls tls) {
		await(new TlsStep(tls));
	}

	/**
	 * Awaits something more of each client, before its connection is ready.
	 */
	void await(ArrivalStep step) {
		this.steps.add(step);
	}

	@Override
	public String getComponentType() {
		return "netty-server-connection-factory";
	}

	@Override
	ListeningChannel bind(int port) throws BindException {
		this.executor = getTaskExecutor();
		String address = getLocalAddress();
		InetSocketAddress local = (address != null) ? new InetSocketAddress(address, port)
				: new InetSocketAddress(port);
		InetAddress listening = (address != null) ? local.getAddress() : null;
		ServerBootstrap bootstrap = this.eventLoops.serverBootstrap(listening)
			.option(ChannelOption.SO_BACKLOG, getBacklog())
			.option(ChannelOption.SO_REUSEADDR, true)
			.handler(new AcceptHandler(name(), this.registry, this.admission))
			.childHandler(new ConnectionInitializer(this, this.buffers, this.rates, this::setUpConnection));
		new SystemOptions(this.tcpOptions).set(bootstrap, this.eventLoops.transport(), listening);
		return ListeningChannel.bind(bootstrap, local);
	}

	@Override
	void closeConnections() {
		this.registry.arrivals(name()).forEach((arrival) -> arrival.end(CloseReason.LISTENER_STOPPED));
		this.owned.closeAll(CloseReason.LISTENER_STOPPED);
	}

	@Override
	void awaitNoConnections(long nanos) {
		this.registry.awaitNone(name(), nanos);
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
		String id = this.ids.next(name());
		Endpoints endpoints = new Endpoints(peer, channel.localAddress());
		if (this.steps.isEmpty()) {
			setUpConnection(channel, id, endpoints);
		}
		else {
			new ChannelArrival(id, name(), channel, endpoints, this.registry,
					(ready, ends) -> setUpConnection(channel, ready, ends))
				.await(this.steps, this::isActive);
		}
	}

	private void setUpConnection(SocketChannel channel, String id, Endpoints endpoints) {
		ConnectionPipeline pipeline = new ConnectionPipeline(channel, this.eventLoops, true, id, name(), endpoints,
				this.registry.trafficOf(name(), channel.eventLoop()), this.owned, getSoTimeout(),
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
			this.owned.abandoned(connection);
			throw ex;
		}
		connection.served().keepTo(this.rates.get());
	}

	private String name() {
		String name = getComponentName();
		return (name != null) ? name : "tcp";
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
	 * Not supported: a handshake is ended by who watches the registry of connections.
	 */
	@Override
	public void setSslHandshakeTimeout(int sslHandshakeTimeout) {
		UnsupportedSetting.refuse(true, this, "sslHandshakeTimeout",
				"a handshake is ended by who watches the registry of connections");
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
