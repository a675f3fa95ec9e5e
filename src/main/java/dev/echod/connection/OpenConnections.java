package dev.echod.connection;

import java.net.InetAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
		.by("pendingBytes", OpenConnection::pendingBytes)
		.by("receivedPerSecond", OpenConnection::receivedPerSecond)
		.by("sentPerSecond", OpenConnection::sentPerSecond);

	private static final Ranking<PeerConnections> PEERS = new Ranking<PeerConnections>("-connections",
			(peer) -> peer.peer().getHostAddress())
		.by("connections", PeerConnections::connections)
		.by("bytesReceived", PeerConnections::bytesReceived)
		.by("bytesSent", PeerConnections::bytesSent)
		.by("messages", PeerConnections::messages)
		.by("pendingBytes", PeerConnections::pendingBytes)
		.by("receivedPerSecond", PeerConnections::receivedPerSecond)
		.by("sentPerSecond", PeerConnections::sentPerSecond);

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

	/**
	 * The addresses that those come from that a filter chooses, and what these amount to;
	 * who has the most connections is first unless the paging says otherwise.
	 * @return its total is of addresses with open connections
	 * @throws IllegalArgumentException if they cannot be sorted like that; the message
	 * says what is allowed
	 */
	public Page<PeerConnections> findPeers(ConnectionFilter filter, Paging paging) {
		Set<InetAddress> all = new HashSet<>();
		Map<InetAddress, List<OpenConnection>> matched = new HashMap<>();
		for (OpenConnection connection : this.registry.connections()) {
			InetAddress peer = connection.endpoints().client().getAddress();
			all.add(peer);
			if (filter.test(connection)) {
				matched.computeIfAbsent(peer, (key) -> new ArrayList<>()).add(connection);
			}
		}
		List<PeerConnections> peers = new ArrayList<>();
		matched.forEach((peer, connections) -> peers.add(PeerConnections.of(peer, connections)));
		return PEERS.page(all.size(), peers, paging);
	}

	List<OpenConnection> matching(ConnectionFilter filter) {
		return this.registry.connections().stream().filter(filter).toList();
	}

}
