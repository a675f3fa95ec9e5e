package dev.echod.connection;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Finds open connections. Any thread may call; nobody who is served waits for it.
 */
public class OpenConnections {

	private static final Ranking<OpenConnection> CONNECTIONS = new Ranking<OpenConnection>("openedAt",
			OpenConnection::id)
		.by("openedAt", (connection) -> ChronoUnit.NANOS.between(Instant.EPOCH, connection.openedAt()))
		.by("idleFor", (connection) -> connection.idleFor().toNanos())
		.by("bytesReceived", OpenConnection::bytesReceived)
		.by("bytesSent", OpenConnection::bytesSent)
		.by("messages", OpenConnection::messages)
		.by("pendingBytes", OpenConnection::pendingBytes);

	private final ConnectionRegistry registry;

	OpenConnections(ConnectionRegistry registry) {
		this.registry = registry;
	}

	/**
	 * The one with this id; null when there is none.
	 */
	public @Nullable OpenConnection find(String id) {
		return this.registry.connection(id);
	}

	/**
	 * Those that a filter chooses, the oldest first unless the paging says otherwise.
	 * @throws IllegalArgumentException if they cannot be sorted like that; the message
	 * says what is allowed
	 */
	public Page<OpenConnection> find(ConnectionFilter filter, Paging paging) {
		return CONNECTIONS.page(this.registry.connections().size(), matching(filter), paging);
	}

	List<OpenConnection> matching(ConnectionFilter filter) {
		return this.registry.connections().stream().filter(filter).toList();
	}

}
