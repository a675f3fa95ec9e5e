package dev.echod.transport;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import dev.echod.connection.CloseReason;
import dev.echod.framing.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.integration.ip.IpHeaders;
import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.integration.ip.tcp.connection.TcpSender;
import org.springframework.messaging.Message;

/**
 * The open connections of a listener. What is sent to them comes to all in the same
 * order; what has piled up for an event loop is put together, so that each of its
 * connections is written to once.
 * <p>
 * While a connection is far behind, and reads, or an event loop is, nothing more is read
 * from any. One that has read nothing for a second is not waited for; when it is twice as
 * far behind, it is reset.
 */
public final class ConnectionGroup implements TcpSender {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionGroup.class);

	private static final long CONGESTION_TICK_MILLIS = 5;

	/**
	 * How much may wait for an event loop, each message with what its keeping takes.
	 */
	private static final long MANY_BYTES = 1024 * 1024;

	private final Framing framing;

	private final Map<EventExecutor, Members> members = new ConcurrentHashMap<>();

	private final Set<Members> congested = ConcurrentHashMap.newKeySet();

	private final Map<String, NettyTcpConnection> byId = new ConcurrentHashMap<>();

	/**
	 * Create a group; to be registered with its connection factory as a sender.
	 * @param framing of the connections
	 */
	public ConnectionGroup(Framing framing) {
		this.framing = framing;
	}

	@Override
	public void addNewConnection(TcpConnection connection) {
		if (connection instanceof NettyTcpConnection member) {
			Members some = membersWith(member);
			this.byId.put(member.getConnectionId(), member);
			member.wire().execute(() -> some.add(member));
		}
	}

	@Override
	public void removeDeadConnection(TcpConnection connection) {
		if (connection instanceof NettyTcpConnection member) {
			Members some = membersWith(member);
			this.byId.remove(member.getConnectionId());
			member.wire().execute(() -> some.remove(member));
		}
	}

	private Members membersWith(NettyTcpConnection member) {
		return this.members.computeIfAbsent(member.channel().eventLoop(), Members::new);
	}

	/**
	 * Sends a message to all connections; called on the event loop of the one that it
	 * came from.
	 * @param message its payload, a buffer, is taken, unless this throws
	 * @param includeSender whether the one that it came from gets it as well
	 */
	public void send(Message<?> message, boolean includeSender) {
		String sender = String.valueOf(message.getHeaders().get(IpHeaders.CONNECTION_ID));
		ByteBuf payload = (ByteBuf) message.getPayload();
		ByteBuf frame = ByteBufAllocator.DEFAULT.ioBuffer(payload.readableBytes() + Framing.OVERHEAD);
		try {
			this.framing.write(payload, frame);
			// All event loops get all messages in the order in which this lock was taken.
			synchronized (this.members) {
				for (Members some : this.members.values()) {
					some.post(new Post(frame.retain(), includeSender ? null : sender));
				}
			}
		}
		finally {
			frame.release();
		}
		payload.release();
		NettyTcpConnection from = isCongested() ? this.byId.get(sender) : null;
		if (from != null) {
			// Before it sends all that was read from it.
			from.wire().hold(true);
		}
	}

	/**
	 * Has each event loop hold its connections back, or go on, as it is then.
	 */
	private void holdAll() {
		this.members.values().forEach((some) -> some.execute(some::hold));
	}

	private boolean isCongested() {
		return !this.congested.isEmpty();
	}

	/**
	 * The connections of one event loop. Used on it, but where it says otherwise.
	 */
	private final class Members {

		private final EventExecutor eventLoop;

		private final Map<NettyTcpConnection, Backlog> backlogs = new LinkedHashMap<>();

		/**
		 * Guarded by the order's lock, as is what they cost.
		 */
		private List<Post> posts = new ArrayList<>();

		private long postedBytes;

		private boolean lookingAgain;

		Members(EventExecutor eventLoop) {
			this.eventLoop = eventLoop;
		}

		/**
		 * Runs an action on the event loop, from any thread.
		 * @return whether it will; not when that has ended, with its connections
		 */
		boolean execute(Runnable action) {
			try {
				this.eventLoop.execute(action);
				return true;
			}
			catch (RejectedExecutionException ex) {
				return false;
			}
		}

		void add(NettyTcpConnection member) {
			if (member.channel().isOpen()) {
				this.backlogs.put(member, new Backlog());
				member.wire().hold(isCongested());
			}
		}

		void remove(NettyTcpConnection member) {
			this.backlogs.remove(member);
		}

		/**
		 * Called with the order's lock.
		 */
		void post(Post post) {
			this.posts.add(post);
			if (this.posts.size() == 1 && !execute(this::deliver)) {
				this.posts.removeFirst().frame().release();
				return;
			}
			this.postedBytes += post.cost();
			if (this.postedBytes > MANY_BYTES && ConnectionGroup.this.congested.add(this)) {
				holdAll();
			}
		}

		private void deliver() {
			List<Post> taken;
			synchronized (ConnectionGroup.this.members) {
				taken = this.posts;
				this.posts = new ArrayList<>();
				this.postedBytes = 0;
			}
			try {
				send(taken);
			}
			catch (RuntimeException | Error ex) {
				// They miss a message.
				logger.warn("A message could not be sent to all, {} connections are closed: {}", this.backlogs.size(),
						ex.toString());
				List.copyOf(this.backlogs.keySet())
					.forEach((connection) -> connection.served().reset(CloseReason.SERVICE_FAILED));
			}
			finally {
				taken.forEach((post) -> post.frame().release());
				waitForReaders();
			}
		}

		private void send(List<Post> taken) {
			ByteBuf all = Post.join(taken);
			try {
				List.copyOf(this.backlogs.entrySet()).forEach((member) -> {
					NettyTcpConnection connection = member.getKey();
					if (member.getValue().isHopeless(connection)) {
						connection.served().reset(CloseReason.SLOW_READER);
					}
					else {
						send(all, taken, connection);
					}
				});
			}
			finally {
				all.release();
			}
		}

		/**
		 * Sends what is joined, in as few parts as may be without what excludes the
		 * connection.
		 */
		private static void send(ByteBuf joined, List<Post> posts, NettyTcpConnection connection) {
			int from = 0;
			int offset = 0;
			for (Post post : posts) {
				if (connection.getConnectionId().equals(post.excluded())) {
					send(joined, from, offset, connection);
					from = offset + post.frame().readableBytes();
				}
				offset += post.frame().readableBytes();
			}
			send(joined, from, offset, connection);
		}

		private static void send(ByteBuf joined, int from, int to, NettyTcpConnection connection) {
			if (to > from) {
				connection.output().sendFramed(joined.retainedSlice(from, to - from));
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
				lookAgain();
			}
			else if (ConnectionGroup.this.congested.remove(this)) {
				holdAll();
			}
		}

		private void lookAgain() {
			if (!this.lookingAgain) {
				this.lookingAgain = true;
				this.eventLoop.schedule(() -> {
					this.lookingAgain = false;
					waitForReaders();
				}, CONGESTION_TICK_MILLIS, TimeUnit.MILLISECONDS);
			}
		}

		private void hold() {
			boolean hold = isCongested();
			List.copyOf(this.backlogs.keySet()).forEach((connection) -> connection.wire().hold(hold));
		}

	}

}
