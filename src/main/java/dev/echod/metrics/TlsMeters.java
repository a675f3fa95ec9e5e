package dev.echod.metrics;

import dev.echod.listener.Listener;
import dev.echod.listener.Listeners;
import dev.echod.tls.Handshakes;
import dev.echod.tls.ReloadedBundles;
import dev.echod.tls.ServerTls;
import dev.echod.tls.TlsFailure;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of the listeners' TLS, and of all SSL bundles. When certificates expire Spring
 * Boot's own tell.
 */
class TlsMeters implements MeterBinder {

	private final Listeners listeners;

	private final ReloadedBundles bundles;

	TlsMeters(Listeners listeners, ReloadedBundles bundles) {
		this.listeners = listeners;
		this.bundles = bundles;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Listener listener : this.listeners.all()) {
			ServerTls tls = listener.tls();
			if (tls != null) {
				bind(listener, tls.handshakes(), registry);
			}
		}
		this.bundles.getBundleNames().forEach((bundle) -> bind(bundle, registry));
	}

	private static void bind(Listener listener, Handshakes handshakes, MeterRegistry registry) {
		Tags tags = Tags.of("listener", listener.name());
		for (String version : Handshakes.VERSIONS) {
			FunctionCounter
				.builder(Meters.TLS_HANDSHAKES.meterName(), handshakes, (source) -> source.successes(version))
				.description(Meters.TLS_HANDSHAKES.description())
				.tags(tags.and("version", version))
				.register(registry);
		}
		for (TlsFailure failure : TlsFailure.values()) {
			FunctionCounter.builder(Meters.TLS_FAILURES.meterName(), handshakes, (source) -> source.failures(failure))
				.description(Meters.TLS_FAILURES.description())
				.tags(tags.and("reason", failure.name()))
				.register(registry);
		}
	}

	private void bind(String bundle, MeterRegistry registry) {
		Gauge
			.builder(Meters.TLS_STALE.meterName(), this.bundles.reloads(bundle),
					(reloads) -> (reloads.failure() != null) ? 1 : 0)
			.description(Meters.TLS_STALE.description())
			.tags("bundle", bundle)
			.register(registry);
	}

}
