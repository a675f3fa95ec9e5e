package dev.echod.admin;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.echod.connection.ConnectionTotals;
import dev.echod.drain.Drain;
import dev.echod.drain.DrainRefusedException;
import dev.echod.listener.Listener;
import dev.echod.listener.ListenerBindException;
import dev.echod.listener.ListenerState;
import dev.echod.listener.Listeners;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The listeners: shows them, and stops or resumes their accepting.
 */
@WebEndpoint(id = "listeners")
class ListenersEndpoint {

	private final Listeners listeners;

	private final Drain drain;

	private final ChangeAudit audit;

	ListenersEndpoint(Listeners listeners, Drain drain, ChangeAudit audit) {
		this.listeners = listeners;
		this.drain = drain;
		this.audit = audit;
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
	Descriptor change(SecurityContext caller, @Selector String name, Accepting state, @Nullable String reason) {
		Listener listener = find(name);
		try {
			this.drain.whileServing(switch (state) {
				case ACCEPTING -> listener::resume;
				case PAUSED -> listener::pause;
			});
		}
		catch (DrainRefusedException | ListenerBindException ex) {
			throw Failures.conflict(ex);
		}
		this.audit.changed(caller, "LISTENER_" + state, name, reason);
		return Descriptor.of(listener);
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
			String framing, String service, boolean tls, Connections connections, Bytes bytes, long messages) {

		static Descriptor of(Listener listener) {
			ConnectionTotals totals = listener.totals();
			return new Descriptor(listener.address().getAddress().getHostAddress(), listener.address().getPort(),
					listener.state(), listener.concurrency().toString(), listener.transport(),
					listener.framing().toString(), listener.service(), false,
					new Connections(totals.active(), totals.opened(), totals.closed(), totals.silent(),
							totals.refused()),
					new Bytes(totals.bytesReceived(), totals.bytesSent()), totals.messages());
		}

	}

	/**
	 * Counts of connections.
	 */
	record Connections(long active, long opened, long closed, long silent, long refused) {

	}

	record Bytes(long received, long sent) {

	}

}
