package dev.echod.client.load;

import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;

/**
 * Tells a late client from a late target: a beat on an event loop, of which is known when
 * it is due. While it is overdue the event loop has not got round to what came: it was
 * busy with something else, or the process, or the machine, stood still. Used on that
 * event loop.
 */
final class Pulse {

	/**
	 * What is shorter goes unnoticed.
	 */
	static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private long due = LoadLoop.NEVER;

	/**
	 * Begins to beat.
	 */
	void begin(EventLoop eventLoop) {
		beat(System.nanoTime());
		eventLoop.scheduleWithFixedDelay(() -> beat(System.nanoTime()), PERIOD_NANOS, PERIOD_NANOS,
				TimeUnit.NANOSECONDS);
	}

	void beat(long now) {
		this.due = now + PERIOD_NANOS;
	}

	/**
	 * How long what is looked at only now may have waited for this client; what is less
	 * than the pulse tells is nothing, lest much of that add up to something.
	 */
	long overdue(long now) {
		long overdue = now - this.due;
		return (overdue > PERIOD_NANOS) ? overdue : 0;
	}

}
