package dev.echod.stats;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.echod.admin.LastProbes;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.ConnectionTotals;
import dev.echod.connection.RefusalReason;
import dev.echod.listener.Listener;

/**
 * Finds out what a listener did since it was looked at last: from its counts, which takes
 * no lock and looks at no connection. Used by one thread.
 */
final class ListenerSampler {

	private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Listener listener;

	private final ConnectionRegistry registry;

	private final LastProbes probes;

	private ConnectionTotals last;

	private long lastNanos;

	private long peak;

	ListenerSampler(Listener listener, ConnectionRegistry registry, LastProbes probes, long now) {
		this.listener = listener;
		this.registry = registry;
		this.probes = probes;
		this.last = listener.totals();
		this.lastNanos = now;
	}

	Sample.OfListener sample(long now) {
		ConnectionTotals before = this.last;
		ConnectionTotals totals = this.listener.totals();
		double seconds = (now - this.lastNanos) / NANOS;
		this.last = totals;
		this.lastNanos = now;
		this.peak = Math.max(this.peak, totals.active());
		return new Sample.OfListener(this.listener.name(), this.listener.state(),
				this.listener.address().getAddress().getHostAddress(), this.listener.address().getPort(),
				this.listener.tls() != null, totals.active(), totals.arriving(), this.peak,
				rate(totals.opened() - before.opened(), seconds), rate(totals.messages() - before.messages(), seconds),
				rate(totals.bytesReceived() - before.bytesReceived(), seconds),
				rate(totals.bytesSent() - before.bytesSent(), seconds), refused(),
				rate(totals.refused() - before.refused(), seconds), this.probes.of(this.listener.name()));
	}

	/**
	 * To a tenth. Nothing can be said of no time.
	 */
	private static double rate(long count, double seconds) {
		return (seconds > 0) ? Math.round(10 * count / seconds) / 10.0 : 0;
	}

	private Map<RefusalReason, Long> refused() {
		Map<RefusalReason, Long> refused = new EnumMap<>(RefusalReason.class);
		for (RefusalReason reason : RefusalReason.values()) {
			long count = this.registry.refusals(this.listener.name(), reason);
			if (count > 0) {
				refused.put(reason, count);
			}
		}
		return refused;
	}

}
