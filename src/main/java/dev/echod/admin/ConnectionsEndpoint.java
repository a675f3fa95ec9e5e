package dev.echod.admin;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.echod.connection.AddressRange;
import dev.echod.connection.BulkClose;
import dev.echod.connection.BulkCloseRequest;
import dev.echod.connection.CloseMode;
import dev.echod.connection.ClosePace;
import dev.echod.connection.CloseRefusedException;
import dev.echod.connection.ConnectionFilter;
import dev.echod.connection.ConnectionState;
import dev.echod.connection.OpenConnection;
import dev.echod.connection.OpenConnections;
import dev.echod.connection.Page;
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

	private final OpenConnections connections;

	private final BulkClose bulkClose;

	private final ChangeAudit audit;

	ConnectionsEndpoint(OpenConnections connections, BulkClose bulkClose, ChangeAudit audit) {
		this.connections = connections;
		this.bulkClose = bulkClose;
		this.audit = audit;
	}

	@ReadOperation
	Connections list(@Nullable String listener, @Nullable AddressRange peer, @Nullable Duration idleFor,
			@Nullable Duration olderThan, @Nullable ConnectionState state, @Nullable String sort,
			@Nullable Integer offset, @Nullable Integer limit) {
		return Connections.of(this.connections.find(new ConnectionFilter(listener, peer, idleFor, olderThan, state),
				PageArguments.of(sort, offset, limit)));
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
		BulkCloseRequest request = new BulkCloseRequest(new ConnectionFilter(listener, peer, idleFor, olderThan, state),
				Objects.requireNonNullElse(mode, CloseMode.GRACEFUL),
				Failures.within("closesPerSecond", 0, ClosePace.MAX_PER_SECOND, closesPerSecond),
				Failures.within("expect", 0, Integer.MAX_VALUE, expect), Boolean.TRUE.equals(dryRun), reason);
		try {
			BulkCloseDescriptor descriptor = BulkCloseDescriptor.of(this.bulkClose.close(request));
			if (!request.dryRun()) {
				this.audit.changed(caller, "CONNECTIONS_CLOSED", describe(descriptor), reason);
			}
			boolean goesOn = !request.dryRun() && descriptor.closesPerSecond() > 0;
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
	 * A page of connections.
	 *
	 * @param total connections open
	 * @param matched connections that the filter chose
	 */
	record Connections(int total, int matched, int offset, int limit,
			List<ConnectionDescriptor> connections) {

		static Connections of(Page<OpenConnection> page) {
			return new Connections(page.total(), page.matched(), page.offset(), page.limit(),
					page.entries().stream().map(ConnectionDescriptor::of).toList());
		}

	}

}
