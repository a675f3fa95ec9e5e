package dev.echod.metrics;

import dev.echod.refusal.RefusedRequests;
import dev.echod.refusal.RefusedRequests.Reason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of the admin API.
 */
class AdminMeters implements MeterBinder {

	private final RefusedRequests refused;

	AdminMeters(RefusedRequests refused) {
		this.refused = refused;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Reason reason : Reason.values()) {
			FunctionCounter.builder(Meters.ADMIN_REFUSED.meterName(), this.refused, (counts) -> counts.count(reason))
				.description(Meters.ADMIN_REFUSED.description())
				.tags("reason", reason.name())
				.register(registry);
		}
	}

}
