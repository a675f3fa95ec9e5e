package dev.echod.admin;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.echod.connection.AddressRange;
import dev.echod.connection.ConnectionTotals;
import dev.echod.connection.Times;
import dev.echod.drain.Drain;
import dev.echod.drain.DrainRefusedException;
import dev.echod.listener.Listener;
import dev.echod.listener.ListenerBindException;
import dev.echod.listener.ListenerProperties;
import dev.echod.listener.ListenerState;
import dev.echod.listener.Listeners;
import dev.echod.proxy.ProxyProtocol;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The listeners: shows them, stops or resumes their accepting, and changes their limits.
 */
@WebEndpoint(id = "listeners")
class ListenersEndpoint {

	private final Listeners listeners;

	private final Drain drain;

	private final ChangeAudit audit;

	private final JsonMapper mapper;

	ListenersEndpoint(Listeners listeners, Drain drain, ChangeAudit audit, JsonMapper mapper) {
		this.listeners = listeners;
		this.drain = drain;
		this.audit = audit;
		this.mapper = mapper;
	}

	@ReadOperation
	Map<String, Descriptor> all() {
		Map<String, Descriptor> descriptors = new LinkedHashMap<>();
		this.listeners.all().forEach((listener) -> descriptors.put(listener.name(), Descriptor.of(listener)));
		return descriptors;
	}

	@ReadOperation
	Descriptor one(@Selector String name) {
		return Descriptor.of(find(name));
	}

	private Listener find(String name) {
		Listener listener = this.listeners.named(name);
		if (listener == null) {
			throw Failures.notFound("listener", name);
		}
		return listener;
	}

	@WriteOperation
	Descriptor change(SecurityContext caller, @Selector String name, @Nullable Accepting state, @Nullable String limits,
			@Nullable String reason) {
		Listener listener = find(name);
		LimitsChange change = (limits != null) ? LimitsChange.parse(limits, this.mapper) : null;
		if (state == null && change == null) {
			throw Failures.badRequest("Say what to change: 'state' takes ACCEPTING or PAUSED, 'limits' takes %s"
				.formatted(LimitsChange.ALLOWED));
		}
		if (change != null) {
			check(change, listener);
		}
		// This may fail, the other may not.
		if (state != null) {
			accept(listener, state);
			this.audit.changed(caller, "LISTENER_" + state, name, reason);
		}
		if (change != null) {
			String changed = change.describe(listener.changeLimits(change::appliedTo));
			this.audit.changed(caller, "LISTENER_LIMITED", name + ": " + changed, reason);
		}
		return Descriptor.of(listener);
	}

	private static void check(LimitsChange change, Listener listener) {
		try {
			listener.checkLimits(change.appliedTo(listener.limits()));
		}
		catch (InvalidConfigurationPropertyValueException ex) {
			throw Failures.badRequest("%s cannot be %s: %s".formatted(ex.getName(), ex.getValue(), ex.getReason()));
		}
	}

	private void accept(Listener listener, Accepting state) {
		try {
			this.drain.whileServing(switch (state) {
				case ACCEPTING -> listener::resume;
				case PAUSED -> listener::pause;
			});
		}
		catch (DrainRefusedException | ListenerBindException ex) {
			throw Failures.conflict(ex);
		}
	}

	/**
	 * What a listener can be told.
	 */
	enum Accepting {

		/**
		 * Connections are accepted.
		 */
		ACCEPTING,

		/**
		 * New clients are refused, open connections are kept.
		 */
		PAUSED

	}

	/**
	 * A listener, as operators see it.
	 */
	record Descriptor(String address, int port, ListenerState state, String concurrency, String transport,
			String framing, String service, boolean tls, Proxy proxyProtocol, Access access, Limits limits,
			Connections connections, Bytes bytes, long messages) {

		static Descriptor of(Listener listener) {
			ConnectionTotals totals = listener.totals();
			return new Descriptor(listener.address().getAddress().getHostAddress(), listener.address().getPort(),
					listener.state(), listener.concurrency().toString(), listener.transport(),
					listener.framing().toString(), listener.service(), listener.tls() != null,
					Proxy.of(listener.proxyProtocol()), Access.of(listener.access()), Limits.of(listener.limits()),
					new Connections(totals.arriving(), totals.active(), totals.opened(), totals.closed(),
							totals.silent(), totals.refused()),
					new Bytes(totals.bytesReceived(), totals.bytesSent()), totals.messages());
		}

	}

	/**
	 * Whether connections begin with a PROXY header, and whose is believed.
	 */
	record Proxy(String mode, List<String> trusted) {

		static Proxy of(ProxyProtocol protocol) {
			return new Proxy(protocol.mode().toString(), texts(protocol.trusted()));
		}

	}

	private static List<String> texts(List<AddressRange> ranges) {
		return ranges.stream().map(AddressRange::toString).toList();
	}

	/**
	 * Which addresses may come in.
	 */
	record Access(List<String> allow, List<String> deny) {

		static Access of(ListenerProperties.Access access) {
			return new Access(texts(access.allow()), texts(access.deny()));
		}

	}

	/**
	 * The limits that hold now; 0 is none.
	 */
	record Limits(int connections, int connectionsPerAddress, int acceptsPerSecond, long readBytesPerSecond,
			long writeBytesPerSecond, Duration idle, double idleSeconds, Duration maxAge, double maxAgeSeconds,
			Duration writeStall, double writeStallSeconds, Duration handshake, double handshakeSeconds) {

		static Limits of(ListenerProperties.Limits limits) {
			return new Limits(limits.connections(), limits.connectionsPerAddress(), limits.acceptsPerSecond(),
					limits.readBytesPerSecond().toBytes(), limits.writeBytesPerSecond().toBytes(), limits.idle(),
					Times.seconds(limits.idle()), limits.maxAge(), Times.seconds(limits.maxAge()), limits.writeStall(),
					Times.seconds(limits.writeStall()), limits.handshake(), Times.seconds(limits.handshake()));
		}

	}

	/**
	 * Counts of connections.
	 */
	record Connections(long arriving, long active, long opened, long closed, long silent, long refused) {

	}

	record Bytes(long received, long sent) {

	}

}
