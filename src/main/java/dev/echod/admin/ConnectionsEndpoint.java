package dev.echod.admin;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import dev.echod.connection.AddressRange;
import dev.echod.connection.Addresses;
import dev.echod.connection.BulkClose;
import dev.echod.connection.BulkCloseRequest;
import dev.echod.connection.BulkCloseState;
import dev.echod.connection.CloseMode;
import dev.echod.connection.ClosePace;
import dev.echod.connection.CloseRefusedException;
import dev.echod.connection.ConnectionFilter;
import dev.echod.connection.ConnectionState;
import dev.echod.connection.OpenConnection;
import dev.echod.connection.OpenConnections;
import dev.echod.connection.Page;
import dev.echod.connection.Paging;
import dev.echod.connection.PeerConnections;
import dev.echod.listener.Listeners;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The open connections: lists them, and closes one or all that match.
 */
@WebEndpoint(id = "connections")
class ConnectionsEndpoint {

	private static final int ACCEPTED = 202;

	private final Listeners listeners;

	private final OpenConnections connections;

	private final BulkClose bulkClose;

	private final ChangeAudit audit;

	ConnectionsEndpoint(Listeners listeners, OpenConnections connections, BulkClose bulkClose, ChangeAudit audit) {
		this.listeners = listeners;
		this.connections = connections;
		this.bulkClose = bulkClose;
		this.audit = audit;
	}

	@ReadOperation
	Listing list(@Nullable String listener, @Nullable AddressRange peer, @Nullable Duration idleFor,
			@Nullable Duration olderThan, @Nullable ConnectionState state, @Nullable Grouping by, @Nullable String sort,
			@Nullable Integer offset, @Nullable Integer limit) {
		ConnectionFilter filter = filter(listener, peer, idleFor, olderThan, state);
		Paging paging = PageArguments.of(sort, offset, limit);
		return (by == Grouping.PEER) ? Peers.of(this.connections.findPeers(filter, paging))
				: Connections.of(this.connections.find(filter, paging));
	}

	private ConnectionFilter filter(@Nullable String listener, @Nullable AddressRange peer, @Nullable Duration idleFor,
			@Nullable Duration olderThan, @Nullable ConnectionState state) {
		return new ConnectionFilter(ListenerArgument.of(listener, this.listeners), peer, idleFor, olderThan, state);
	}

	@ReadOperation
	ConnectionDescriptor show(@Selector String id) {
		return ConnectionDescriptor.of(find(id));
	}

	private OpenConnection find(String id) {
		OpenConnection connection = this.connections.find(id);
		if (connection == null) {
			throw Failures.notFound("open connection", id);
		}
		return connection;
	}

	@DeleteOperation
	ConnectionDescriptor close(SecurityContext caller, @Selector String id, @Nullable CloseMode mode,
			@Nullable String reason) {
		CloseMode how = Objects.requireNonNullElse(mode, CloseMode.GRACEFUL);
		OpenConnection connection = find(id);
		how.close(connection, reason);
		this.audit.changed(caller, "CONNECTION_CLOSED", id + " " + how, reason);
		return ConnectionDescriptor.of(connection);
	}

	@DeleteOperation
	WebEndpointResponse<BulkCloseDescriptor> closeAll(SecurityContext caller, @Nullable String listener,
			@Nullable AddressRange peer, @Nullable Duration idleFor, @Nullable Duration olderThan,
			@Nullable ConnectionState state, @Nullable CloseMode mode, @Nullable Integer closesPerSecond,
			@Nullable Integer expect, @Nullable Boolean dryRun, @Nullable String reason) {
		BulkCloseRequest request = new BulkCloseRequest(filter(listener, peer, idleFor, olderThan, state),
				Objects.requireNonNullElse(mode, CloseMode.GRACEFUL),
				Failures.within("closesPerSecond", 0, ClosePace.MAX_PER_SECOND, closesPerSecond),
				Failures.within("expect", 0, Integer.MAX_VALUE, expect), Boolean.TRUE.equals(dryRun), reason);
		try {
			BulkCloseDescriptor descriptor = BulkCloseDescriptor.of(this.bulkClose.close(request));
			if (!request.dryRun()) {
				this.audit.changed(caller, "CONNECTIONS_CLOSED", describe(descriptor), reason);
			}
			boolean goesOn = descriptor.state() == BulkCloseState.RUNNING;
			return new WebEndpointResponse<>(descriptor, goesOn ? ACCEPTED : WebEndpointResponse.STATUS_OK);
		}
		catch (CloseRefusedException ex) {
			throw Failures.conflict(ex);
		}
	}

	private static String describe(BulkCloseDescriptor close) {
		return "%d %s, of %s, %s".formatted(close.matched(), close.mode(), close.filter(),
				(close.closesPerSecond() > 0) ? close.closesPerSecond() + " a second" : "at once");
	}

	/**
	 * What connections are added up by.
	 */
	enum Grouping {

		/**
		 * The other end's address, whatever its port.
		 */
		PEER;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * A page of what was found.
	 */
	sealed interface Listing {

	}

	/**
	 * A page of connections.
	 *
	 * @param total connections open
	 * @param matched connections that the filter chose
	 */
	record Connections(int total, int matched, int offset, int limit,
			List<ConnectionDescriptor> connections) implements Listing {

		static Connections of(Page<OpenConnection> page) {
			return new Connections(page.total(), page.matched(), page.offset(), page.limit(),
					page.entries().stream().map(ConnectionDescriptor::of).toList());
		}

	}

	/**
	 * A page of addresses.
	 *
	 * @param total addresses with open connections
	 * @param matched addresses with connections that the filter chose
	 */
	record Peers(int total, int matched, int offset, int limit, List<PeerDescriptor> peers) implements Listing {

		static Peers of(Page<PeerConnections> page) {
			return new Peers(page.total(), page.matched(), page.offset(), page.limit(),
					page.entries().stream().map(PeerDescriptor::of).toList());
		}

	}

	/**
	 * What the connections of one address amount to.
	 */
	record PeerDescriptor(String peer, int connections, long bytesReceived, long bytesSent, long messages,
			long pendingBytes, long receivedPerSecond, long sentPerSecond) {

		static PeerDescriptor of(PeerConnections peer) {
			return new PeerDescriptor(Addresses.text(peer.peer()), peer.connections(), peer.bytesReceived(),
					peer.bytesSent(), peer.messages(), peer.pendingBytes(), peer.receivedPerSecond(),
					peer.sentPerSecond());
		}

	}

}
