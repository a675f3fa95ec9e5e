package dev.echod.connection;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Finds closed connections, as far as they are kept. Any thread may call.
 */
public class ClosedConnections {

	private static final Ranking<ClosedConnection> CONNECTIONS = new Ranking<ClosedConnection>("-closedAt",
			ClosedConnection::id)
		.by("closedAt", (connection) -> ChronoUnit.NANOS.between(Instant.EPOCH, connection.closedAt()))
		.by("openedAt", (connection) -> ChronoUnit.NANOS.between(Instant.EPOCH, connection.openedAt()))
		.by("duration", (connection) -> connection.duration().toNanos())
		.by("bytesReceived", ClosedConnection::bytesReceived)
		.by("bytesSent", ClosedConnection::bytesSent)
		.by("messages", ClosedConnection::messages);

	private final ConnectionRegistry registry;

	ClosedConnections(ConnectionRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Those that a filter chooses, the latest first unless the paging says otherwise.
	 * @param since closed no longer ago than that; null is as long ago as they are kept
	 * @throws IllegalArgumentException if they cannot be sorted like that; the message
	 * says what is allowed
	 */
	public Page<ClosedConnection> find(ClosedConnectionFilter filter, @Nullable Duration since, Paging paging) {
		List<ClosedConnection> kept = this.registry.closedConnections();
		List<ClosedConnection> recent = (since != null) ? this.registry.closedConnections(since) : kept;
		return CONNECTIONS.page(kept.size(), recent.stream().filter(filter).toList(), paging);
	}

}
