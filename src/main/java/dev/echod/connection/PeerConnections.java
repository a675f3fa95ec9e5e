package dev.echod.connection;

import java.net.InetAddress;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What the open connections of one address amount to.
 *
 * @param connections how many it has
 * @param receivedPerSecond bytes, an average over the last seconds
 * @param sentPerSecond bytes, an average over the last seconds
 */
public record PeerConnections(InetAddress peer, int connections, long bytesReceived, long bytesSent, long messages,
		long pendingBytes, long receivedPerSecond, long sentPerSecond) {

	static PeerConnections of(InetAddress peer, List<OpenConnection> connections) {
		return new PeerConnections(peer, connections.size(), sum(connections, OpenConnection::bytesReceived),
				sum(connections, OpenConnection::bytesSent), sum(connections, OpenConnection::messages),
				sum(connections, OpenConnection::pendingBytes), sum(connections, OpenConnection::receivedPerSecond),
				sum(connections, OpenConnection::sentPerSecond));
	}

	private static long sum(List<OpenConnection> connections, ToLongFunction<OpenConnection> figure) {
		return connections.stream().mapToLong(figure).sum();
	}

}
