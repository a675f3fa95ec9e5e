package dev.echod.admin;

import java.time.Duration;
import java.time.Instant;

import dev.echod.connection.Addresses;
import dev.echod.connection.ConnectionState;
import dev.echod.connection.Endpoints;
import dev.echod.connection.OpenConnection;
import dev.echod.connection.Times;
import dev.echod.connection.TlsDetails;
import org.jspecify.annotations.Nullable;

/**
 * An open connection, as operators see it.
 *
 * @param receivedPerSecond bytes, an average over the last seconds, as sentPerSecond
 * @param tls null: the connection is not encrypted
 * @param peer the other end; where there is a proxy, the proxy
 * @param proxied whom the proxy stands for; null without one
 */
record ConnectionDescriptor(String id, String listener, String peer, String local, ConnectionState state,
		Instant openedAt, Duration idleFor, double idleForSeconds, long bytesReceived, long bytesSent, long messages,
		long pendingBytes, long receivedPerSecond, long sentPerSecond, @Nullable TlsDetails tls,
		@Nullable String proxied) {

	static ConnectionDescriptor of(OpenConnection connection) {
		Duration idleFor = connection.idleFor();
		Endpoints ends = connection.endpoints();
		return new ConnectionDescriptor(connection.id(), connection.listener(), Addresses.text(ends.peer()),
				Addresses.text(ends.local()), connection.state(), connection.openedAt(), idleFor,
				Times.seconds(idleFor), connection.bytesReceived(), connection.bytesSent(), connection.messages(),
				connection.pendingBytes(), connection.receivedPerSecond(), connection.sentPerSecond(), ends.tls(),
				(ends.proxied() != null) ? Addresses.text(ends.proxied()) : null);
	}

}
