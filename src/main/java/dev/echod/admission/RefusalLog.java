package dev.echod.admission;

import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import dev.echod.connection.Addresses;
import dev.echod.connection.RefusalReason;
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

	private final Map<RefusalReason, Untold> byReason = new EnumMap<>(RefusalReason.class);

	RefusalLog(String listener, LongSupplier nanoClock) {
		this.listener = listener;
		this.nanoClock = nanoClock;
		long before = nanoClock.getAsLong() - QUIET_NANOS;
		for (RefusalReason reason : RefusalReason.values()) {
			this.byReason.put(reason, new Untold(new LongAdder(), new AtomicLong(before)));
		}
	}

	@SuppressWarnings("NullAway") // there is one for each
	void refused(RefusalReason reason, InetAddress client) {
		Untold untold = this.byReason.get(reason);
		untold.clients().increment();
		long now = this.nanoClock.getAsLong();
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
