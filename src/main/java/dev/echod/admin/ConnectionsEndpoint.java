package dev.echod.admin;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionFilter;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.OpenConnection;
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
	WebEndpointResponse<Object> list(@Nullable String listener, @Nullable String peer, @Nullable String idleFor,
			@Nullable String olderThan, @Nullable String state, @Nullable String sort, @Nullable String offset,
			@Nullable String limit) {
		return Answers.checked(() -> {
			ConnectionFilter filter = RequestParameters.filter(listener, peer, idleFor, olderThan, state);
			Comparator<Ranked> order = order(sort);
			ToLongFunction<OpenConnection> rank = rank(sort);
			int first = RequestParameters.integer("offset", offset, 0, Integer.MAX_VALUE, 0);
			int most = RequestParameters.integer("limit", limit, 1, MAX_LIMIT, DEFAULT_LIMIT);
			List<OpenConnection> matched = matching(filter);
			List<ConnectionDescriptor> page = matched.stream()
				.map((connection) -> new Ranked(connection, rank.applyAsLong(connection)))
				.sorted(order)
				.skip(first)
				.limit(most)
				.map((ranked) -> ConnectionDescriptor.of(ranked.connection()))
				.toList();
			return Answers.ok(new Page(this.registry.connections().size(), matched.size(), first, most, page));
		});
	}

	@ReadOperation
	WebEndpointResponse<Object> show(@Selector String id) {
		OpenConnection connection = this.registry.connection(id);
		return (connection != null) ? Answers.ok(ConnectionDescriptor.of(connection))
				: Answers.notFound("open connection", id);
	}

	@DeleteOperation
	WebEndpointResponse<Object> close(SecurityContext caller, @Selector String id, @Nullable String mode,
			@Nullable String reason) {
		return Answers.checked(() -> {
			Mode how = Objects.requireNonNullElse(RequestParameters.enumeration("mode", Mode.class, mode),
					Mode.GRACEFUL);
			OpenConnection connection = this.registry.connection(id);
			if (connection == null) {
				return Answers.notFound("open connection", id);
			}
			how.close(connection);
			this.audit.changed(caller, "CONNECTION_CLOSED", id + " " + how, reason);
			return Answers.ok(ConnectionDescriptor.of(connection));
		});
	}

	@DeleteOperation
	WebEndpointResponse<Object> closeAll(SecurityContext caller, @Nullable String listener, @Nullable String peer,
			@Nullable String idleFor, @Nullable String olderThan, @Nullable String state, @Nullable String mode,
			@Nullable String expect, @Nullable String dryRun, @Nullable String reason) {
		return Answers.checked(() -> {
			ConnectionFilter filter = RequestParameters.filter(listener, peer, idleFor, olderThan, state);
			if (filter.isEmpty()) {
				throw new IllegalArgumentException(
						"Say which connections: 'listener', 'peer', 'idleFor', 'olderThan' or 'state' is needed");
			}
			Mode how = Objects.requireNonNullElse(RequestParameters.enumeration("mode", Mode.class, mode),
					Mode.GRACEFUL);
			int expected = RequestParameters.integer("expect", expect, 0, Integer.MAX_VALUE, -1);
			boolean onlyLook = RequestParameters.flag("dryRun", dryRun);
			List<OpenConnection> matched = matching(filter);
			if (expected >= 0 && expected != matched.size()) {
				return Answers
					.conflict("%d connections match, not %d; none was closed".formatted(matched.size(), expected));
			}
			if (!onlyLook) {
				matched.forEach(how::close);
				this.audit.changed(caller, "CONNECTIONS_CLOSED", matched.size() + " " + how, reason);
			}
			return Answers.ok(new Closed(matched.size(), onlyLook ? 0 : matched.size()));
		});
	}

	/**
	 * Reads the field of a field's name with '-' before it for the largest first; null is
	 * by age.
	 */
	private static ToLongFunction<OpenConnection> rank(@Nullable String sort) {
		String text = Objects.requireNonNullElse(sort, "openedAt");
		ToLongFunction<OpenConnection> rank = RANKS.get(text.startsWith("-") ? text.substring(1) : text);
		if (rank == null) {
			throw new IllegalArgumentException("'sort' takes %s, with '-' before it for the largest first, not '%s'"
				.formatted(String.join(" or ", new TreeSet<>(RANKS.keySet())), text));
		}
		return rank;
	}

	private static Comparator<Ranked> order(@Nullable String sort) {
		Comparator<Ranked> order = Comparator.comparingLong(Ranked::rank);
		return (sort != null && sort.startsWith("-")) ? order.reversed() : order;
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
				case RESET -> connection.reset(CloseReason.OPERATOR_CLOSED);
			}
		}

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
