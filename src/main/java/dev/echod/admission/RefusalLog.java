package dev.echod.admission;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import dev.echod.connection.Addresses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that clients of a listener are refused: of each reason once a second at most, with
 * how many there were since the last line.
 */
final class RefusalLog {

	private static final Logger logger = LoggerFactory.getLogger(RefusalLog.class);

	private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final String listener;

	private final LongSupplier nanoClock;

	private final Map<Enum<?>, Untold> byReason = new ConcurrentHashMap<>();

	RefusalLog(String listener, LongSupplier nanoClock) {
		this.listener = listener;
		this.nanoClock = nanoClock;
	}

	/**
	 * Tells of a client, now or with the next.
	 * @param reason why it was refused, or its connection closed
	 */
	void refused(Enum<?> reason, InetAddress client) {
		long now = this.nanoClock.getAsLong();
		Untold untold = this.byReason.computeIfAbsent(reason,
				(first) -> new Untold(new LongAdder(), new AtomicLong(now - QUIET_NANOS)));
		untold.clients().increment();
		long told = untold.toldNanos().get();
		if (now - told >= QUIET_NANOS && untold.toldNanos().compareAndSet(told, now)) {
			logger.warn("Listener '{}' refused clients, {}: {} since this was told last, the latest from {}",
					this.listener, reason, untold.clients().sumThenReset(), Addresses.text(client));
		}
	}

	/**
	 * Those of a reason that no line told of yet, and when the last line was.
	 */
	private record Untold(LongAdder clients, AtomicLong toldNanos) {

	}

}
