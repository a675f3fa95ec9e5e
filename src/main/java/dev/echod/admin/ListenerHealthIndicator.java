package dev.echod.admin;

import java.util.Map;

import dev.echod.listener.Listener;
import dev.echod.listener.ListenerState;
import dev.echod.tls.ReloadedBundles;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * A listener is up when it accepts connections and its upstream, if it has one, was
 * reached. It is out of service when it was told not to accept. No connection is made to
 * find out: it would be counted among its clients'.
 * <p>
 * It is up as well with a certificate that could not be reloaded, as it serves with the
 * one of before; a detail says so.
 */
class ListenerHealthIndicator implements HealthIndicator {

	private final Listener listener;

	private final UpstreamWatch upstreams;

	private final ReloadedBundles bundles;

	ListenerHealthIndicator(Listener listener, UpstreamWatch upstreams, ReloadedBundles bundles) {
		this.listener = listener;
		this.upstreams = upstreams;
		this.bundles = bundles;
	}

	@Override
	public Health health() {
		Health.Builder health = new Health.Builder()
			.withDetail("address", this.listener.address().getAddress().getHostAddress())
			.withDetail("port", this.listener.address().getPort());
		Map<String, String> stale = this.bundles.stale(this.listener.bundleNames());
		if (!stale.isEmpty()) {
			health.withDetail("staleBundles", stale);
		}
		if (this.listener.state() != ListenerState.ACCEPTING) {
			return health.outOfService().withDetail("reason", "not accepting connections").build();
		}
		String failure = this.upstreams.failureOf(this.listener);
		return ((failure != null) ? health.down().withDetail("reason", failure) : health.up()).build();
	}

}
