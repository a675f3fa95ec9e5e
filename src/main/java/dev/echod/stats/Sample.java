package dev.echod.stats;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.echod.admin.DrainDescriptor;
import dev.echod.admin.LastProbe;
import dev.echod.connection.RefusalReason;
import dev.echod.listener.ListenerState;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.availability.ReadinessState;

/**
 * How the service was in one second.
 *
 * @param start when this service was started: the samples of another are not those that
 * come before
 * @param version null where Maven did not leave it, as in an IDE
 * @param listeners those that are configured first
 * @param listenersLeftOut how many there are more
 */
record Sample(Instant start, Instant at, long uptimeSeconds, @Nullable String version, String transport,
		ReadinessState readiness, DrainDescriptor drain, List<OfListener> listeners, int listenersLeftOut,
		List<OfLoop> loops, Memory memory) {

	/**
	 * A listener.
	 *
	 * @param active connections that are open
	 * @param arriving connections whose PROXY header or TLS handshake is awaited
	 * @param peak most that a sample has seen open since the start
	 * @param acceptsPerSecond of the last second, as the other rates are
	 * @param receivedPerSecond bytes, as sentPerSecond
	 * @param refused since the start, without the reasons that nobody was refused for
	 * @param probe null before the first
	 */
	record OfListener(String name, ListenerState state, String address, int port, boolean tls, long active,
			long arriving, long peak, double acceptsPerSecond, double messagesPerSecond, double receivedPerSecond,
			double sentPerSecond, Map<RefusalReason, Long> refused, double refusedPerSecond,
			@Nullable LastProbe probe) {

	}

	/**
	 * An event loop.
	 *
	 * @param lagSeconds how late it ran what was due last
	 * @param utilisation share of the last ten seconds that it ran on a processor
	 */
	record OfLoop(double lagSeconds, double utilisation) {

	}

	/**
	 * Memory in bytes.
	 *
	 * @param heapMax null where it has no bound
	 * @param direct taken by the connections' buffers, outside the heap
	 * @param resident of the process; null where the system does not tell
	 */
	record Memory(long heapUsed, @Nullable Long heapMax, long direct, @Nullable Long resident) {

	}

}
