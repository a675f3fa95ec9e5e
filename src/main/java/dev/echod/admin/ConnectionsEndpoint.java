package dev.echod.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

import dev.echod.connection.AddressRange;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionFilter;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.ConnectionState;
import dev.echod.connection.OpenConnection;
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

	private static final int DEFAULT_LIMIT = 100;

	private static final int MAX_LIMIT = 1_000;

	private static final Map<String, ToLongFunction<OpenConnection>> RANKS = Map.of("openedAt",
			(connection) -> ChronoUnit.NANOS.between(Instant.EPOCH, connection.openedAt()), "idleFor",
			(connection) -> connection.idleFor().toNanos(), "bytesReceived", OpenConnection::bytesReceived, "bytesSent",
			OpenConnection::bytesSent, "messages", OpenConnection::messages, "pendingBytes",
			OpenConnection::pendingBytes);

	private final ConnectionRegistry registry;

	private final ChangeAudit audit;

	ConnectionsEndpoint(ConnectionRegistry registry, ChangeAudit audit) {
		this.registry = registry;
		this.audit = audit;
	}

	@ReadOperation
	Page list(@Nullable String listener, @Nullable AddressRange peer, @Nullable Duration idleFor,
			@Nullable Duration olderThan, @Nullable ConnectionState state, @Nullable String sort,
			@Nullable Integer offset, @Nullable Integer limit) {
		ConnectionFilter filter = new ConnectionFilter(listener, peer, idleFor, olderThan, state);
		Comparator<Ranked> order = order(sort);
		ToLongFunction<OpenConnection> rank = rank(sort);
		int first = Failures.within("offset", 0, Integer.MAX_VALUE, offset, 0);
		int most = Failures.within("limit", 1, MAX_LIMIT, limit, DEFAULT_LIMIT);
		List<OpenConnection> matched = matching(filter);
		List<ConnectionDescriptor> page = matched.stream()
			.map((connection) -> new Ranked(connection, rank.applyAsLong(connection)))
			.sorted(order)
			.skip(first)
			.limit(most)
			.map((ranked) -> ConnectionDescriptor.of(ranked.connection()))
			.toList();
		return new Page(this.registry.connections().size(), matched.size(), first, most, page);
	}

	@ReadOperation
	ConnectionDescriptor show(@Selector String id) {
		return ConnectionDescriptor.of(find(id));
	}

	private OpenConnection find(String id) {
		OpenConnection connection = this.registry.connection(id);
		if (connection == null) {
			throw Failures.notFound("open connection", id);
		}
		return connection;
	}

	@DeleteOperation
	ConnectionDescriptor close(SecurityContext caller, @Selector String id, @Nullable Mode mode,
			@Nullable String reason) {
		Mode how = Objects.requireNonNullElse(mode, Mode.GRACEFUL);
		OpenConnection connection = find(id);
		how.close(connection);
		this.audit.changed(caller, "CONNECTION_CLOSED", id + " " + how, reason);
		return ConnectionDescriptor.of(connection);
	}

	@DeleteOperation
	Closed closeAll(SecurityContext caller, @Nullable String listener, @Nullable AddressRange peer,
			@Nullable Duration idleFor, @Nullable Duration olderThan, @Nullable ConnectionState state,
			@Nullable Mode mode, @Nullable Integer expect, @Nullable Boolean dryRun, @Nullable String reason) {
		ConnectionFilter filter = new ConnectionFilter(listener, peer, idleFor, olderThan, state);
		if (filter.isEmpty()) {
			throw Failures
				.badRequest("Say which connections: 'listener', 'peer', 'idleFor', 'olderThan' or 'state' is needed");
		}
		Mode how = Objects.requireNonNullElse(mode, Mode.GRACEFUL);
		int expected = Failures.within("expect", 0, Integer.MAX_VALUE, expect, -1);
		List<OpenConnection> matched = matching(filter);
		if (expected >= 0 && expected != matched.size()) {
			throw Failures
				.conflict("%d connections match, not %d; none was closed".formatted(matched.size(), expected));
		}
		if (Boolean.TRUE.equals(dryRun)) {
			return new Closed(matched.size(), 0);
		}
		// Who has said something since is not idle any more.
		matched.forEach((connection) -> connection.when(filter, how::close));
		this.audit.changed(caller, "CONNECTIONS_CLOSED", "%d %s, of %s".formatted(matched.size(), how, filter), reason);
		return new Closed(matched.size(), matched.size());
	}

	/**
	 * Reads the field of a field's name with '-' before it for the largest first; null is
	 * by age.
	 */
	private static ToLongFunction<OpenConnection> rank(@Nullable String sort) {
		String text = Objects.requireNonNullElse(sort, "openedAt");
		ToLongFunction<OpenConnection> rank = RANKS.get(text.startsWith("-") ? text.substring(1) : text);
		if (rank == null) {
			throw Failures.badRequest("'sort' takes %s, with '-' before it for the largest first, not '%s'"
				.formatted(String.join(" or ", new TreeSet<>(RANKS.keySet())), text));
		}
		return rank;
	}

	private static Comparator<Ranked> order(@Nullable String sort) {
		Comparator<Ranked> order = Comparator.comparingLong(Ranked::rank);
		// Those of the same rank stay where they are from page to page.
		return ((sort != null && sort.startsWith("-")) ? order.reversed() : order)
			.thenComparing((ranked) -> ranked.connection().id());
	}

	private List<OpenConnection> matching(ConnectionFilter filter) {
		return this.registry.connections().stream().filter(filter).toList();
	}

	/**
	 * A connection and what it is sorted by, read once: the counts of a live one change
	 * meanwhile.
	 */
	private record Ranked(OpenConnection connection, long rank) {

	}

	/**
	 * A page of connections.
	 *
	 * @param total connections open
	 * @param matched connections that the filter chose
	 */
	record Page(int total, int matched, int offset, int limit, List<ConnectionDescriptor> connections) {

	}

	/**
	 * What closing by filter did.
	 */
	record Closed(int matched, int closed) {

	}

	/**
	 * How a connection is closed.
	 */
	enum Mode {

		/**
		 * What is owed is sent, then FIN.
		 */
		GRACEFUL,

		/**
		 * With RST.
		 */
		RESET;

		void close(OpenConnection connection) {
			switch (this) {
				case GRACEFUL -> connection.close(CloseReason.OPERATOR_CLOSED);
				case RESET -> connection.reset(CloseReason.OPERATOR_RESET);
			}
		}

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
