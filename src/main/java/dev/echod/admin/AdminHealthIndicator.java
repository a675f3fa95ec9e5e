package dev.echod.admin;

import java.util.Map;

import dev.echod.tls.ReloadedBundles;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whoever can ask the admin API finds it up, as well with a certificate that could not be
 * reloaded; a detail says so.
 */
class AdminHealthIndicator implements HealthIndicator {

	private final AdminTls tls;

	private final ReloadedBundles bundles;

	AdminHealthIndicator(AdminTls tls, ReloadedBundles bundles) {
		this.tls = tls;
		this.bundles = bundles;
	}

	@Override
	public Health health() {
		Health.Builder health = Health.up();
		Map<String, String> stale = this.bundles.stale(this.tls.bundleNames());
		if (!stale.isEmpty()) {
			health.withDetail("staleBundles", stale);
		}
		return health.build();
	}

}
