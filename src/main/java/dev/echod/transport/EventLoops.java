package dev.echod.transport;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.StreamSupport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.channel.uring.Ipv4ServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that all connections of the connection factories given them run on. Shared
 * by any number of factories, and closed after them.
 */
public final class EventLoops implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(EventLoops.class);

	private static final long SHUTDOWN_TIMEOUT_SECONDS = 5;

	private static final long TICK_MILLIS = 100;

	private final Transport transport;

	private final EventLoopGroup group;

	private final IoSystem ioSystem;

	private final List<Heartbeat> heartbeats;

	private final BufferMemory memory = new BufferMemory();

	/**
	 * The time, as of a tenth of a second ago at most: reading the clock for each message
	 * would cost more than what it is wanted for.
	 */
	private volatile long recentNanos = System.nanoTime();

	private volatile boolean tcpAsked;

	private EventLoops(Transport transport, int threads) {
		this.transport = transport;
		this.ioSystem = IoSystem.of(transport);
		int count = (threads > 0) ? threads : Runtime.getRuntime().availableProcessors();
		this.group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("echod-" + transport),
				this.ioSystem.handlers());
		this.group.next().scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
		this.heartbeats = executors().stream().map(Heartbeat::start).toList();
	}

	private void tick() {
		this.recentNanos = System.nanoTime();
	}

	/**
	 * Starts event loops.
	 * @param transport the transport; {@link Transport#AUTO} falls through to the first
	 * that works
	 * @param threads the number of event loops; 0 is one for each processor
	 * @throws TransportUnavailableException if the transport does not work here
	 */
	public static EventLoops start(Transport transport, int threads) {
		if (transport == Transport.AUTO) {
			return startBest(threads);
		}
		String unavailability = transport.unavailability();
		if (unavailability != null) {
			throw new TransportUnavailableException(transport, unavailability);
		}
		return started(transport, threads, ", as echod.transport says");
	}

	private static EventLoops startBest(int threads) {
		StringJoiner obstacles = new StringJoiner(", ", "; better ones do not work here: ", "").setEmptyValue("");
		for (Transport candidate : Transport.BEST_FIRST.subList(0, Transport.BEST_FIRST.size() - 1)) {
			String obstacle = candidate.unavailability();
			if (obstacle == null) {
				try {
					return started(candidate, threads, obstacles.toString());
				}
				catch (RuntimeException ex) {
					// Available, but a limit (locked memory, open files) was in the way.
					logger.debug("Transport {} does not start, trying the next", candidate, ex);
					obstacle = ex.toString();
				}
			}
			obstacles.add("%s (%s)".formatted(candidate, obstacle.replaceAll("\\s+", " ")));
		}
		return started(Transport.BEST_FIRST.getLast(), threads, obstacles.toString());
	}

	private static EventLoops started(Transport transport, int threads, String why) {
		EventLoops loops = new EventLoops(transport, threads);
		logger.info("Transport {}, event loops: {}{}", transport, loops.executors().size(), why);
		return loops;
	}

	/**
	 * The transport in use; never {@link Transport#AUTO}.
	 */
	public Transport transport() {
		return this.transport;
	}

	/**
	 * The event loops, to be looked at.
	 */
	public List<EventExecutor> executors() {
		return StreamSupport.stream(this.group.spliterator(), false).toList();
	}

	/**
	 * The event loops, in the same order, to run connections on that are made for them.
	 */
	public List<EventLoop> loops() {
		return executors().stream().map(EventLoop.class::cast).toList();
	}

	/**
	 * Whether the thread that asks is one of theirs.
	 */
	boolean inEventLoop() {
		for (EventExecutor executor : this.group) {
			if (executor.inEventLoop()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The event loops' heartbeats, in the same order.
	 */
	public List<Heartbeat> heartbeats() {
		return this.heartbeats;
	}

	/**
	 * How long the one that was silent longest has not told that it runs, which each does
	 * every second.
	 */
	public Duration silence() {
		return this.heartbeats.stream().map(Heartbeat::silence).max(Comparator.naturalOrder()).orElseThrow();
	}

	/**
	 * What the connections' buffers amount to.
	 */
	public ByteBufAllocatorMetricProvider allocator() {
		return (ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT;
	}

	/**
	 * From now on asks the system at the end of each connection what its TCP knows of it,
	 * where the transport can: some microseconds for each.
	 */
	public void askTcp() {
		this.tcpAsked = true;
	}

	boolean isTcpAsked() {
		return this.tcpAsked;
	}

	/**
	 * {@link System#nanoTime()}, as of a tenth of a second ago at most.
	 */
	long recentNanos() {
		return this.recentNanos;
	}

	/**
	 * How much memory the connections' buffers take outside the heap, in bytes.
	 */
	public long bufferMemory() {
		return this.memory.used();
	}

	/**
	 * How much memory each connection may have now, in bytes; without limit while there
	 * is enough.
	 */
	public long mostMemoryForEach() {
		return this.memory.mostForEach();
	}

	/**
	 * What the buffers of these loops' connections may take.
	 */
	BufferMemory memory() {
		return this.memory;
	}

	/**
	 * For a listening socket.
	 * @param address what it will be bound to, and nothing else; null for all addresses
	 * that this machine has
	 */
	ServerBootstrap serverBootstrap(@Nullable InetAddress address) {
		SocketProtocolFamily family = switch (address) {
			case null -> null;
			case Inet4Address v4 -> SocketProtocolFamily.INET;
			default -> SocketProtocolFamily.INET6;
		};
		return new ServerBootstrap().group(this.group)
			.channelFactory(() -> this.ioSystem.serverChannels().apply(family));
	}

	Bootstrap bootstrap() {
		return bootstrap(this.group);
	}

	/**
	 * For a connection.
	 * @param of these event loops which may run it
	 */
	Bootstrap bootstrap(EventLoopGroup of) {
		return new Bootstrap().group(of).channelFactory(this.ioSystem.channels());
	}

	/**
	 * Ends the threads; connections still open are closed hard. Waits at most five
	 * seconds.
	 */
	@Override
	public void close() {
		this.group.shutdownGracefully(0, SHUTDOWN_TIMEOUT_SECONDS, TimeUnit.SECONDS)
			.awaitUninterruptibly(SHUTDOWN_TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	/**
	 * What a transport's channels are.
	 *
	 * @param serverChannels by the family of their addresses; null is the widest
	 */
	private record IoSystem(IoHandlerFactory handlers,
			Function<@Nullable SocketProtocolFamily, ServerChannel> serverChannels,
			ChannelFactory<? extends SocketChannel> channels) {

		static IoSystem of(Transport transport) {
			return switch (transport) {
				case IO_URING ->
					new IoSystem(UringHangUps.newFactory(), IoSystem::uringServer, IoUringSocketChannel::new);
				case EPOLL ->
					new IoSystem(EpollReadding.newFactory(), EpollServerSocketChannel::new, EpollSocketChannel::new);
				// Its channels cannot be told the family: 0.0.0.0 is :: to them.
				case KQUEUE -> new IoSystem(KQueueIoHandler.newFactory(), (family) -> new KQueueServerSocketChannel(),
						KQueueSocketChannel::new);
				case NIO,
						AUTO ->
					new IoSystem(NioIoHandler.newFactory(),
							(family) -> new NioServerSocketChannel(SelectorProvider.provider(), family),
							NioSocketChannel::new);
			};
		}

		private static ServerChannel uringServer(@Nullable SocketProtocolFamily family) {
			return (family == SocketProtocolFamily.INET) ? new Ipv4ServerSocketChannel()
					: new IoUringServerSocketChannel();
		}

	}

}
