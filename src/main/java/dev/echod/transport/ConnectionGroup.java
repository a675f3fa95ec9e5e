package dev.echod.transport;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import dev.echod.connection.CloseReason;
import dev.echod.framing.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.IpHeaders;
import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.integration.ip.tcp.connection.TcpSender;
import org.springframework.messaging.Message;

/**
 * The open connections of a listener. What is sent to them comes to all in the same
 * order; what has piled up for an event loop is put together, so that each of its
 * connections is written to once.
 * <p>
 * While a connection is far behind, and reads, nothing more is read from any. One that
 * has read nothing for a second is not waited for; when it is twice as far behind, it is
 * reset.
 */
public final class ConnectionGroup implements TcpSender {

	private final Framing framing;

	private static final long CONGESTION_TICK_MILLIS = 5;

	/**
	 * How many high water marks are far behind.
	 */
	private static final long FAR = 8;

	private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Map<EventExecutor, Members> members = new ConcurrentHashMap<>();

	private final Set<Members> congested = ConcurrentHashMap.newKeySet();

	/**
	 * Create a group; to be registered with its connection factory as a sender.
	 * @param framing of the connections
	 */
	public ConnectionGroup(Framing framing) {
		this.framing = framing;
	}

	/**
	 * Called on the connection's event loop.
	 */
	@Override
	public void addNewConnection(TcpConnection connection) {
		if (connection instanceof NettyTcpConnection member) {
			this.members.computeIfAbsent(member.eventLoop(), Members::new).backlogs.put(member, new Backlog());
		}
	}

	/**
	 * Called on the connection's event loop.
	 */
	@Override
	public void removeDeadConnection(TcpConnection connection) {
		if (connection instanceof NettyTcpConnection member) {
			this.members.computeIfAbsent(member.eventLoop(), Members::new).backlogs.remove(member);
		}
	}

	/**
	 * Sends a message to all connections.
	 * @param message its payload, a buffer, is taken
	 * @param includeSender whether the one that it came from gets it as well
	 */
	public void send(Message<?> message, boolean includeSender) {
		String excluded = includeSender ? null : (String) message.getHeaders().get(IpHeaders.CONNECTION_ID);
		ByteBuf frame = this.framing.encode(ByteBufAllocator.DEFAULT, (ByteBuf) message.getPayload());
		try {
			// All event loops get all messages in the order in which this lock was taken.
			synchronized (this.members) {
				for (Members some : this.members.values()) {
					some.add(new Post(frame.retain(), excluded));
				}
			}
		}
		finally {
			frame.release();
		}
	}

	/**
	 * Has each event loop hold its connections back, or go on, as it is then.
	 */
	private void holdAll() {
		this.members.values().forEach((some) -> some.eventLoop.execute(some::hold));
	}

	private record Post(ByteBuf frame, @Nullable String excluded) {

	}

	/**
	 * The connections of one event loop. Used on it, but where it says otherwise.
	 */
	private final class Members {

		private final EventExecutor eventLoop;

		private final Map<NettyTcpConnection, Backlog> backlogs = new LinkedHashMap<>();

		/**
		 * Guarded by the order's lock.
		 */
		private List<Post> posts = new ArrayList<>();

		Members(EventExecutor eventLoop) {
			this.eventLoop = eventLoop;
		}

		/**
		 * Called with the order's lock.
		 */
		void add(Post post) {
			this.posts.add(post);
			if (this.posts.size() == 1) {
				this.eventLoop.execute(this::deliver);
			}
		}

		private void deliver() {
			List<Post> taken;
			synchronized (ConnectionGroup.this.members) {
				taken = this.posts;
				this.posts = new ArrayList<>();
			}
			ByteBuf all = join(taken, null);
			List.copyOf(this.backlogs.entrySet()).forEach((member) -> {
				NettyTcpConnection connection = member.getKey();
				if (member.getValue().isHopeless(connection)) {
					connection.reset(CloseReason.SLOW_READER);
					return;
				}
				boolean excluded = taken.stream().anyMatch((post) -> connection.id().equals(post.excluded()));
				connection.push(excluded ? join(taken, connection.id()) : all.retainedDuplicate());
			});
			all.release();
			taken.forEach((post) -> post.frame().release());
			if (!ConnectionGroup.this.congested.contains(this)) {
				waitForReaders();
			}
		}

		private void waitForReaders() {
			long now = System.nanoTime();
			boolean waiting = false;
			for (Map.Entry<NettyTcpConnection, Backlog> member : this.backlogs.entrySet()) {
				waiting |= member.getValue().isWorthWaiting(member.getKey(), now);
			}
			if (waiting) {
				if (ConnectionGroup.this.congested.add(this)) {
					holdAll();
				}
				this.eventLoop.schedule(this::waitForReaders, CONGESTION_TICK_MILLIS, TimeUnit.MILLISECONDS);
			}
			else if (ConnectionGroup.this.congested.remove(this)) {
				holdAll();
			}
		}

		private void hold() {
			boolean hold = !ConnectionGroup.this.congested.isEmpty();
			List.copyOf(this.backlogs.keySet()).forEach((connection) -> connection.hold(hold));
		}

		private static ByteBuf join(List<Post> posts, @Nullable String excluded) {
			int length = posts.stream().mapToInt((post) -> post.frame().readableBytes()).sum();
			ByteBuf joined = ByteBufAllocator.DEFAULT.ioBuffer(length);
			for (Post post : posts) {
				ByteBuf frame = post.frame();
				if (excluded == null || !excluded.equals(post.excluded())) {
					joined.writeBytes(frame, frame.readerIndex(), frame.readableBytes());
				}
			}
			return joined;
		}

	}

	/**
	 * Whether a connection that is far behind comes nearer.
	 */
	private static final class Backlog {

		private boolean far;

		private boolean stalled;

		private long least;

		private long leastSince;

		boolean isHopeless(NettyTcpConnection connection) {
			return this.stalled && connection.highWaterMarksBehind() > 2 * FAR;
		}

		boolean isWorthWaiting(NettyTcpConnection connection, long now) {
			long pending = connection.pendingBytes();
			if (connection.highWaterMarksBehind() <= FAR) {
				this.far = false;
				this.stalled = false;
				return false;
			}
			if (!this.far || pending < this.least) {
				this.far = true;
				this.stalled = false;
				this.least = pending;
				this.leastSince = now;
			}
			else if (now - this.leastSince > STALL_NANOS) {
				this.stalled = true;
			}
			return !this.stalled;
		}

	}

}
