package dev.echod.admission;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many connections a second, in the long run: what a tenth of a second is worth, and
 * one at least, may come at once. More may be taken than that, as those come together
 * that one read of the system has accepted; it is then waited for longer. Any thread may
 * call.
 */
final class AcceptRate {

	private static final int BURSTS_PER_SECOND = 10;

	private final long intervalNanos;

	/**
	 * How much sooner than at even intervals a connection may come.
	 */
	private final long leewayNanos;

	/**
	 * When the next would come, did they come at even intervals.
	 */
	private final AtomicLong nextNanos;

	/**
	 * Create a rate that nothing was taken of yet.
	 * @param perSecond from 1
	 * @param nowNanos in the manner of {@link System#nanoTime()}, here and below
	 */
	AcceptRate(int perSecond, long nowNanos) {
		this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
		this.leewayNanos = (Math.max(1, perSecond / BURSTS_PER_SECOND) - 1) * this.intervalNanos;
		this.nextNanos = new AtomicLong(nowNanos);
	}

	/**
	 * A connection has come.
	 */
	void take(long nowNanos) {
		this.nextNanos.updateAndGet((next) -> ((next - nowNanos > 0) ? next : nowNanos) + this.intervalNanos);
	}

	/**
	 * How long it is until the next may come; 0 when it may now.
	 */
	long waitNanos(long nowNanos) {
		return Math.max(0, this.nextNanos.get() - this.leewayNanos - nowNanos);
	}

}
