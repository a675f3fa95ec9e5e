package dev.echod.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.echod.connection.CloseReason;
import dev.echod.connection.Addresses;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.Times;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The last connections that closed, the latest first.
 */
@WebEndpoint(id = "closedconnections")
class ClosedConnectionsEndpoint {

	private final ConnectionRegistry registry;

	ClosedConnectionsEndpoint(ConnectionRegistry registry) {
		this.registry = registry;
	}

	@ReadOperation
	Descriptor closedConnections() {
		return new Descriptor(this.registry.closedConnections().stream().map(Entry::of).toList());
	}

	record Descriptor(List<Entry> connections) {

	}

	/**
	 * A closed connection.
	 *
	 * @param duration how long it was open
	 */
	record Entry(String id, String listener, String peer, Instant openedAt, Duration duration, double durationSeconds,
			CloseReason reason, long bytesReceived, long bytesSent, long messages) {

		static Entry of(ClosedConnection closed) {
			return new Entry(closed.id(), closed.listener(), Addresses.text(closed.peer()), closed.openedAt(),
					closed.duration(), Times.seconds(closed.duration()), closed.reason(), closed.bytesReceived(),
					closed.bytesSent(), closed.messages());
		}

	}

}
