package dev.echod.metrics;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The catalogue of meters. None is tagged by connection or peer.
 */
enum Meters {

	/**
	 * A gauge.
	 */
	ARRIVING("echod.connections.arriving", null, "Connections accepted whose PROXY header or TLS handshake is awaited",
			"listener"),

	/**
	 * A gauge.
	 */
	ACTIVE("echod.connections.active", null, "Connections open now", "listener"),

	/**
	 * A counter.
	 */
	OPENED("echod.connections.opened", null, "Connections accepted", "listener"),

	/**
	 * A counter.
	 */
	CLOSED("echod.connections.closed", null, "Connections ended, by close reason, without the silent", "listener",
			"reason"),

	/**
	 * A counter; those opened are active, closed or silent.
	 */
	SILENT("echod.connections.silent", null,
			"Connections that their peer ended without a byte, as balancers' checks do", "listener"),

	/**
	 * A counter. Whom the system refuses while nothing listens is not in it.
	 */
	REFUSED("echod.connections.refused", null, "Clients turned away, by reason", "listener", "reason"),

	/**
	 * A counter.
	 */
	ACCEPT_ERRORS("echod.accept.errors", null,
			"Attempts to accept a connection that failed; each is made again after 200 ms", "listener"),

	/**
	 * A timer with a histogram.
	 */
	DURATION("echod.connection.duration", "seconds", "How long connections that ended were open", "listener"),

	/**
	 * A counter; the direction is {@code received} or {@code sent}.
	 */
	BYTES("echod.bytes", "bytes", "Bytes read, and bytes handed over to be written", "listener", "direction"),

	/**
	 * A counter.
	 */
	MESSAGES("echod.messages", null, "Messages received", "listener"),

	/**
	 * A counter; of listeners with TLS only.
	 */
	TLS_HANDSHAKES("echod.tls.handshakes", null, "TLS handshakes that succeeded, by protocol version", "listener",
			"version"),

	/**
	 * A counter; of listeners with TLS only.
	 */
	TLS_FAILURES("echod.tls.handshake.failures", null, "TLS handshakes that failed, by reason", "listener", "reason"),

	/**
	 * A gauge; of all SSL bundles.
	 */
	TLS_STALE("echod.tls.bundle.stale", null,
			"1 while the files of an SSL bundle cannot be used, and what was loaded before is", "bundle"),

	/**
	 * A gauge for each state.
	 */
	LISTENER_STATE("echod.listener.state", null, "1 for the state that the listener is in, 0 for the others",
			"listener", "state"),

	/**
	 * A gauge for each state.
	 */
	DRAIN_STATE("echod.drain.state", null, "1 for the state that the drain is in, 0 for the others", "state"),

	/**
	 * A gauge.
	 */
	DRAIN_REMAINING("echod.drain.remaining", null, "Connections that the drain waits for; 0 when there is none"),

	/**
	 * A gauge.
	 */
	DRAIN_TIME_LEFT("echod.drain.time.left", "seconds", "Until the drain resets what is left; 0 when there is none"),

	/**
	 * A gauge.
	 */
	DRAIN_DEADLINE("echod.drain.deadline", "seconds",
			"What the drain is given, from the end of its announcement or when it was hurried; 0 when there is none"),

	/**
	 * A counter.
	 */
	DRAIN_OUTCOMES("echod.drain.outcomes", null, "Drains that ended, by outcome", "outcome"),

	/**
	 * A gauge; where something is late now, how late that is already.
	 */
	LOOP_LAG("echod.event.loop.lag", "seconds",
			"How late an event loop ran what it runs once a second, the most in the last minute", "loop"),

	/**
	 * A gauge.
	 */
	LOOP_UTILISATION("echod.event.loop.utilisation", null,
			"Share of the last ten seconds in which an event loop ran on a processor, 0 to 1", "loop"),

	/**
	 * A gauge.
	 */
	BUILD_INFO("echod.build.info", null, "Always 1: the build that runs", "version", "commit"),

	/**
	 * A counter.
	 */
	ACCESS_LOG_DROPPED("echod.access.log.dropped", null, "Events that the access log dropped, as too many waited"),

	/**
	 * A counter; the lines are {@code audit} or {@code other}.
	 */
	LOG_DROPPED("echod.log.dropped", null, "Lines that the log lost, as too many waited", "lines"),

	/**
	 * A counter.
	 */
	ADMIN_REFUSED("echod.admin.refused", null, "Requests that the admin API refused, by reason", "reason");

	private final String meterName;

	private final @Nullable String unit;

	private final String description;

	@SuppressWarnings("ImmutableEnumChecker") // an immutable list
	private final List<String> tags;

	Meters(String meterName, @Nullable String unit, String description, String... tags) {
		this.meterName = meterName;
		this.unit = unit;
		this.description = description;
		this.tags = List.of(tags);
	}

	String meterName() {
		return this.meterName;
	}

	/**
	 * The base unit; null for what is counted by its name.
	 */
	@Nullable String unit() {
		return this.unit;
	}

	String description() {
		return this.description;
	}

	List<String> tags() {
		return this.tags;
	}

}
