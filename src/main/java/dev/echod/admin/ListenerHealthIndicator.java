package dev.echod.admin;

import dev.echod.listener.Listener;
import dev.echod.listener.ListenerState;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * A listener is up when it accepts connections and its upstream, if it has one, was
 * reached. It is out of service when it was told not to accept. No connection is made to
 * find out: it would be counted among its clients'.
 */
class ListenerHealthIndicator implements HealthIndicator {

	private final Listener listener;

	private final UpstreamWatch upstreams;

	ListenerHealthIndicator(Listener listener, UpstreamWatch upstreams) {
		this.listener = listener;
		this.upstreams = upstreams;
	}

	@Override
	public Health health() {
		Health.Builder health = new Health.Builder()
			.withDetail("address", this.listener.address().getAddress().getHostAddress())
			.withDetail("port", this.listener.address().getPort());
		if (this.listener.state() != ListenerState.ACCEPTING) {
			return health.outOfService().withDetail("reason", "not accepting connections").build();
		}
		String failure = this.upstreams.failureOf(this.listener);
		return ((failure != null) ? health.down().withDetail("reason", failure) : health.up()).build();
	}

}
