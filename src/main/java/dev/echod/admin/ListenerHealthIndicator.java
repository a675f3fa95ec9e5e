package dev.echod.admin;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

import dev.echod.client.Probe;
import dev.echod.client.ProbeFailedException;
import dev.echod.client.ProbeRequest;
import dev.echod.client.ProbeResult;
import dev.echod.listener.Concurrency;
import dev.echod.listener.Listener;
import dev.echod.listener.ListenerState;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * A listener is up when a message sent through its own port came back, or, where messages
 * do not come back, when it accepts and its upstream can be reached. It is out of service
 * when it was told not to accept.
 */
class ListenerHealthIndicator implements HealthIndicator {

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private final Listener listener;

	private final Probe probe;

	ListenerHealthIndicator(Listener listener, Probe probe) {
		this.listener = listener;
		this.probe = probe;
	}

	@Override
	public Health health() {
		InetSocketAddress address = this.listener.address();
		Health.Builder health = new Health.Builder().withDetail("address", address.getAddress().getHostAddress())
			.withDetail("port", address.getPort());
		if (this.listener.state() != ListenerState.ACCEPTING) {
			return health.outOfService().withDetail("reason", "not accepting connections").build();
		}
		String upstreamFailure = this.listener.checkUpstream();
		if (upstreamFailure != null) {
			return health.down().withDetail("reason", upstreamFailure).build();
		}
		if (!mayProbe()) {
			return health.up().build();
		}
		try {
			ProbeResult result = this.probe.send(new ProbeRequest(reachable(address.getAddress()), address.getPort(),
					"readiness", 1, TIMEOUT, this.listener.framing()));
			return health.up().withDetail("roundTripMillis", result.max().toNanos() / 1e6).build();
		}
		catch (ProbeFailedException ex) {
			return health.down().withDetail("reason", String.valueOf(ex.getMessage())).build();
		}
	}

	/**
	 * Who does not echo would take a probe for a client's message; who serves one client
	 * at a time has none to spare for a probe.
	 */
	private boolean mayProbe() {
		boolean busy = this.listener.concurrency() == Concurrency.SERIAL && this.listener.totals().active() > 0;
		return this.listener.isEcho() && !busy;
	}

	private static String reachable(InetAddress bound) {
		return (bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound).getHostAddress();
	}

}
