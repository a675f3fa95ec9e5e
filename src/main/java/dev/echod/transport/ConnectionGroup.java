package dev.echod.transport;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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
 */
public final class ConnectionGroup implements TcpSender {

	private final Framing framing;

	private final Map<EventExecutor, Members> members = new ConcurrentHashMap<>();

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
			this.members.computeIfAbsent(member.eventLoop(), Members::new).connections.add(member);
		}
	}

	/**
	 * Called on the connection's event loop.
	 */
	@Override
	public void removeDeadConnection(TcpConnection connection) {
		if (connection instanceof NettyTcpConnection member) {
			this.members.computeIfAbsent(member.eventLoop(), Members::new).connections.remove(member);
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

	private record Post(ByteBuf frame, @Nullable String excluded) {

	}

	/**
	 * The connections of one event loop.
	 */
	private final class Members {

		private final EventExecutor eventLoop;

		/**
		 * Used on the event loop only.
		 */
		private final Set<NettyTcpConnection> connections = new LinkedHashSet<>();

		/**
		 * Guarded by the order's lock.
		 */
		private List<Post> posts = new ArrayList<>();

		Members(EventExecutor eventLoop) {
			this.eventLoop = eventLoop;
		}

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
			for (NettyTcpConnection connection : List.copyOf(this.connections)) {
				boolean excluded = taken.stream().anyMatch((post) -> connection.id().equals(post.excluded()));
				connection.push(excluded ? join(taken, connection.id()) : all.retainedDuplicate());
			}
			all.release();
			taken.forEach((post) -> post.frame().release());
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

}
