package dev.echod.connection;

import org.jspecify.annotations.Nullable;

/**
 * Holds one connection to its byte rates: whoever reads from it asks after each read how
 * long to wait with the next. What was sent counts as well, so that who is sent too much
 * asks for less. Any thread may call.
 */
public final class ConnectionPace {

	private final ConnectionActivity activity;

	private final @Nullable ByteRate reading;

	private final @Nullable ByteRate writing;

	private final int mostAtOnce;

	private long received;

	private long sent;

	/**
	 * Create a pace that begins now.
	 * @param nowNanos in the manner of {@link System#nanoTime()}, here and below
	 */
	ConnectionPace(ConnectionActivity activity, ByteRates rates, long nowNanos) {
		this.activity = activity;
		this.reading = (rates.read() > 0) ? new ByteRate(rates.read(), nowNanos) : null;
		this.writing = (rates.write() > 0) ? new ByteRate(rates.write(), nowNanos) : null;
		this.mostAtOnce = rates.mostAtOnce();
		this.received = activity.bytesReceived();
		this.sent = activity.bytesSent();
	}

	/**
	 * How many bytes are to be read at once, at most.
	 */
	public int mostAtOnce() {
		return this.mostAtOnce;
	}

	/**
	 * How long nothing is to be read, for what has come and was sent so far; 0 when it
	 * may be now.
	 */
	public synchronized long waitNanos(long nowNanos) {
		long latestReceived = this.activity.bytesReceived();
		long latestSent = this.activity.bytesSent();
		long wait = Math.max(take(this.reading, latestReceived - this.received, nowNanos),
				take(this.writing, latestSent - this.sent, nowNanos));
		this.received = latestReceived;
		this.sent = latestSent;
		return wait;
	}

	private static long take(@Nullable ByteRate rate, long bytes, long nowNanos) {
		return (rate != null) ? rate.take(bytes, nowNanos) : 0;
	}

}
