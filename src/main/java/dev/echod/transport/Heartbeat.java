package dev.echod.transport;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

import io.netty.util.concurrent.EventExecutor;

/**
 * A task that an event loop runs once a second, and what it tells: that the event loop
 * runs, how late it runs what is due, and how much of a processor it takes. Read from any
 * thread; an event loop that is stuck is seen without its help.
 */
public final class Heartbeat {

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

	/**
	 * A minute's: who asks as often misses none.
	 */
	private static final int LAGS = 60;

	/**
	 * Ten seconds', one to begin with, and the one that is being replaced.
	 */
	private static final int BEATS = 12;

	private final LongSupplier nanoClock;

	private final LongUnaryOperator cpuClock;

	private final AtomicLongArray lagNanos = new AtomicLongArray(LAGS);

	private final AtomicLongArray beatNanos = new AtomicLongArray(BEATS);

	private final AtomicLongArray cpuNanos = new AtomicLongArray(BEATS);

	private volatile long dueNanos;

	private volatile int count;

	/**
	 * Of the event loop; 0 until the first beat.
	 */
	private volatile long threadId;

	/**
	 * Create a heartbeat of a thread that begins now.
	 * @param nanoClock as {@link System#nanoTime()}
	 * @param cpuClock the processor time that the thread with an id has used, in
	 * nanoseconds; negative when there is none any more
	 */
	Heartbeat(LongSupplier nanoClock, LongUnaryOperator cpuClock) {
		this.nanoClock = nanoClock;
		this.cpuClock = cpuClock;
		long now = nanoClock.getAsLong();
		this.dueNanos = now + PERIOD_NANOS;
		for (int i = 0; i < BEATS; i++) {
			this.beatNanos.set(i, now);
		}
	}

	static Heartbeat start(EventExecutor eventLoop) {
		Heartbeat heartbeat = new Heartbeat(System::nanoTime,
				THREADS.isThreadCpuTimeSupported() ? THREADS::getThreadCpuTime : (thread) -> -1);
		// What was late is not made up for: that would count as much as what was in time.
		eventLoop.scheduleWithFixedDelay(heartbeat::beat, PERIOD_NANOS, PERIOD_NANOS, TimeUnit.NANOSECONDS);
		return heartbeat;
	}

	/**
	 * Called on the event loop. Allocates nothing: without memory it goes on.
	 */
	void beat() {
		long now = this.nanoClock.getAsLong();
		long thread = Thread.currentThread().threadId();
		int number = this.count + 1;
		this.lagNanos.set(number % LAGS, now - this.dueNanos);
		this.beatNanos.set(number % BEATS, now);
		this.cpuNanos.set(number % BEATS, this.cpuClock.applyAsLong(thread));
		this.threadId = thread;
		this.count = number;
		this.dueNanos = now + PERIOD_NANOS;
	}

	/**
	 * How long the event loop has not told that it runs.
	 */
	public Duration silence() {
		return Duration.ofNanos(this.nanoClock.getAsLong() - this.dueNanos + PERIOD_NANOS);
	}

	/**
	 * How late it ran what was due, the most in the last minute. Where something is due
	 * now, how late that is already.
	 */
	public Duration lag() {
		long most = Math.max(0, this.nanoClock.getAsLong() - this.dueNanos);
		for (int i = 0; i < LAGS; i++) {
			most = Math.max(most, this.lagNanos.get(i));
		}
		return Duration.ofNanos(most);
	}

	/**
	 * How late it ran what was due last, or how late that is already.
	 */
	public Duration latestLag() {
		long last = this.lagNanos.get(this.count % LAGS);
		return Duration.ofNanos(Math.max(Math.max(0, last), this.nanoClock.getAsLong() - this.dueNanos));
	}

	/**
	 * Which share of the last ten seconds it ran on a processor, from 0 to 1, in the
	 * system's calls as well. Where the processor is taken by others, it is not what the
	 * event loop would need: then it is late.
	 */
	public double utilisation() {
		if (this.threadId == 0) {
			return 0;
		}
		// Not the oldest, which may be replaced meanwhile.
		int from = (this.count + 2) % BEATS;
		long elapsed = this.nanoClock.getAsLong() - this.beatNanos.get(from);
		long used = this.cpuClock.applyAsLong(this.threadId) - this.cpuNanos.get(from);
		return Math.clamp((double) used / Math.max(1, elapsed), 0, 1);
	}

}
