package dev.echod.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.echod.connection.AddressRange;
import dev.echod.connection.Addresses;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ClosedConnectionFilter;
import dev.echod.connection.ClosedConnections;
import dev.echod.connection.EndSignal;
import dev.echod.connection.Endpoints;
import dev.echod.connection.Page;
import dev.echod.connection.Times;
import dev.echod.connection.TlsDetails;
import dev.echod.listener.Listeners;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The connections that have ended: who came, who went, and why.
 */
@WebEndpoint(id = "closedconnections")
class ClosedConnectionsEndpoint {

	private final Listeners listeners;

	private final ClosedConnections connections;

	ClosedConnectionsEndpoint(Listeners listeners, ClosedConnections connections) {
		this.listeners = listeners;
		this.connections = connections;
	}

	@ReadOperation
	Descriptor list(@Nullable String listener, @Nullable AddressRange peer, @Nullable CloseReason reason,
			@Nullable Duration since, @Nullable String sort, @Nullable Integer offset, @Nullable Integer limit) {
		ClosedConnectionFilter filter = new ClosedConnectionFilter(ListenerArgument.of(listener, this.listeners), peer,
				reason);
		return Descriptor.of(this.connections.find(filter, since, PageArguments.of(sort, offset, limit)));
	}

	/**
	 * A page of closed connections.
	 *
	 * @param total how many are kept
	 */
	record Descriptor(int total, int matched, int offset, int limit, List<Entry> connections) {

		static Descriptor of(Page<ClosedConnection> page) {
			return new Descriptor(page.total(), page.matched(), page.offset(), page.limit(),
					page.entries().stream().map(Entry::of).toList());
		}

	}

	/**
	 * A closed connection.
	 *
	 * @param duration how long it was open
	 * @param note what the operator who closed it said; null when nobody did
	 * @param firstSignal whose FIN or RST began its end
	 * @param tls null: the connection was not encrypted
	 * @param proxied whom the proxy, which was the peer then, stood for; null without one
	 */
	record Entry(String id, String listener, String peer, String local, Instant openedAt, Instant closedAt,
			Duration duration, double durationSeconds, CloseReason reason, @Nullable String note, EndSignal firstSignal,
			long bytesReceived, long bytesSent, long messages, @Nullable TlsDetails tls, @Nullable String proxied) {

		static Entry of(ClosedConnection closed) {
			Endpoints ends = closed.endpoints();
			return new Entry(closed.id(), closed.listener(), Addresses.text(ends.peer()), Addresses.text(ends.local()),
					closed.openedAt(), closed.closedAt(), closed.duration(), Times.seconds(closed.duration()),
					closed.reason(), closed.note(), closed.firstSignal(), closed.bytesReceived(), closed.bytesSent(),
					closed.messages(), ends.tls(), (ends.proxied() != null) ? Addresses.text(ends.proxied()) : null);
		}

	}

}
