package dev.echod.admin;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.echod.connection.ConnectionTotals;
import dev.echod.drain.Drain;
import dev.echod.drain.DrainState;
import dev.echod.listener.Listener;
import dev.echod.listener.ListenerBindException;
import dev.echod.listener.ListenerState;
import dev.echod.listener.Listeners;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
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
	WebEndpointResponse<Object> one(@Selector String name) {
		Listener listener = this.listeners.named(name);
		return (listener != null) ? Answers.ok(Descriptor.of(listener)) : Answers.notFound("listener", name);
	}

	@WriteOperation
	WebEndpointResponse<Object> change(SecurityContext caller, @Selector String name, String state) {
		return Answers.checked(() -> {
			Listener listener = this.listeners.named(name);
			if (listener == null) {
				return Answers.notFound("listener", name);
			}
			if (this.drain.status().state() != DrainState.SERVING) {
				return Answers.conflict("The service is drained; cancel the drain first");
			}
			try {
				switch (state) {
					case "PAUSED" -> listener.pause();
					case "ACCEPTING" -> listener.resume();
					default -> throw new IllegalArgumentException(
							"'state' takes PAUSED or ACCEPTING, not '%s'".formatted(state));
				}
			}
			catch (ListenerBindException ex) {
				return Answers.conflict(String.valueOf(ex.getMessage()));
			}
			this.audit.changed(caller, "LISTENER_" + state, name, null);
			return Answers.ok(Descriptor.of(listener));
		});
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
					new Connections(totals.active(), totals.opened(), totals.closed(), totals.refused()),
					new Bytes(totals.bytesReceived(), totals.bytesSent()), totals.messages());
		}

	}

	/**
	 * Counts of connections.
	 */
	record Connections(long active, long opened, long closed, long refused) {

	}

	record Bytes(long received, long sent) {

	}

}
