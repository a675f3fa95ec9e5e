package dev.echod.admin;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.echod.connection.AddressRange;
import dev.echod.connection.CloseMode;
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
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The open connections: lists them, and closes one or all that match.
 */
@WebEndpoint(id = "connections")
class ConnectionsEndpoint {

	private final OpenConnections connections;

	private final ChangeAudit audit;

	ConnectionsEndpoint(OpenConnections connections, ChangeAudit audit) {
		this.connections = connections;
		this.audit = audit;
	}

	@ReadOperation
	Descriptor list(@Nullable String listener, @Nullable AddressRange peer, @Nullable Duration idleFor,
			@Nullable Duration olderThan, @Nullable ConnectionState state, @Nullable String sort,
			@Nullable Integer offset, @Nullable Integer limit) {
		return Descriptor.of(this.connections.find(new ConnectionFilter(listener, peer, idleFor, olderThan, state),
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
	Closed closeAll(SecurityContext caller, @Nullable String listener, @Nullable AddressRange peer,
			@Nullable Duration idleFor, @Nullable Duration olderThan, @Nullable ConnectionState state,
			@Nullable CloseMode mode, @Nullable Integer expect, @Nullable Boolean dryRun, @Nullable String reason) {
		ConnectionFilter filter = new ConnectionFilter(listener, peer, idleFor, olderThan, state);
		if (filter.isEmpty()) {
			throw Failures
				.badRequest("Say which connections: 'listener', 'peer', 'idleFor', 'olderThan' or 'state' is needed");
		}
		CloseMode how = Objects.requireNonNullElse(mode, CloseMode.GRACEFUL);
		int expected = Failures.within("expect", 0, Integer.MAX_VALUE, expect, -1);
		List<OpenConnection> matched = this.connections.matching(filter);
		if (expected >= 0 && expected != matched.size()) {
			throw Failures
				.conflict("%d connections match, not %d; none was closed".formatted(matched.size(), expected));
		}
		if (Boolean.TRUE.equals(dryRun)) {
			return new Closed(matched.size(), 0);
		}
		// Who has said something since is not idle any more.
		matched.forEach((connection) -> connection.when(filter, (same) -> how.close(same, reason)));
		this.audit.changed(caller, "CONNECTIONS_CLOSED", "%d %s, of %s".formatted(matched.size(), how, filter), reason);
		return new Closed(matched.size(), matched.size());
	}

	/**
	 * A page of connections.
	 *
	 * @param total connections open
	 * @param matched connections that the filter chose
	 */
	record Descriptor(int total, int matched, int offset, int limit, List<ConnectionDescriptor> connections) {

		static Descriptor of(Page<OpenConnection> page) {
			return new Descriptor(page.total(), page.matched(), page.offset(), page.limit(),
					page.entries().stream().map(ConnectionDescriptor::of).toList());
		}

	}

	/**
	 * What closing by filter did.
	 */
	record Closed(int matched, int closed) {

	}

}
