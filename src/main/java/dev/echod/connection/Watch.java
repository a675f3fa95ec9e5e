package dev.echod.connection;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second at the open connections of a listener for what has lasted too long:
 * a peer that takes nothing of what is sent to it is cut off, and while memory is short
 * who has much of it and does not get on. What each receives and sends in a second is
 * found out on the way. It costs nothing on the way of a byte, and no timer for each
 * connection; a limit is kept to within two seconds.
 */
public final class Watch {

	private static final Logger logger = LoggerFactory.getLogger(Watch.class);

	private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Collection<ServedConnection> connections;

	private final long writeStallNanos;

	private final LongSupplier nanoClock;

	/**
	 * Of those that something waits for: since when they have taken nothing.
	 */
	private final Map<ServedConnection, Stall> stalls = new ConcurrentHashMap<>();

	private volatile @Nullable Thread thread;

	private final MemoryWatch memory;

	private final RateSampler rates;

	/**
	 * Create a watch that does not look yet.
	 * @param connections those of a listener, as a live view
	 * @param writeStall how long a peer may take nothing; 0 is forever
	 * @param memoryForEach how much each may have now, in bytes
	 */
	public Watch(Collection<ServedConnection> connections, Duration writeStall, LongSupplier memoryForEach) {
		this(connections, writeStall, memoryForEach, System::nanoTime);
	}

	Watch(Collection<ServedConnection> connections, Duration writeStall, LongSupplier memoryForEach,
			LongSupplier nanoClock) {
		this.connections = connections;
		this.writeStallNanos = writeStall.toNanos();
		this.nanoClock = nanoClock;
		this.memory = new MemoryWatch(connections, memoryForEach, nanoClock);
		this.rates = new RateSampler(connections, nanoClock);
	}

	/**
	 * Looks from now on, on a thread of its own.
	 */
	public void start(String name) {
		if (this.thread == null) {
			Thread started = Thread.ofVirtual().name(name + "-watch").unstarted(this::run);
			this.thread = started;
			started.start();
		}
	}

	/**
	 * Looks no more.
	 */
	public void stop() {
		Thread running = this.thread;
		this.thread = null;
		LockSupport.unpark(running);
		this.stalls.clear();
	}

	private void run() {
		while (Thread.currentThread().equals(this.thread)) {
			LockSupport.parkNanos(this, SWEEP_NANOS);
			try {
				sweep();
			}
			catch (RuntimeException | Error ex) {
				logger.warn("A sweep over the connections failed, the next is in a second", ex);
			}
		}
	}

	void sweep() {
		this.memory.sweep();
		this.rates.sweep();
		if (this.writeStallNanos > 0) {
			lookForStalls();
		}
	}

	private void lookForStalls() {
		this.stalls.keySet().removeIf((connection) -> connection.pendingBytes() == 0);
		for (ServedConnection connection : this.connections) {
			if (connection.pendingBytes() > 0) {
				connection.inspect((taken) -> inspected(connection, taken));
			}
		}
	}

	private void inspected(ServedConnection connection, long taken) {
		long now = this.nanoClock.getAsLong();
		Stall stall = this.stalls.get(connection);
		if (connection.pendingBytes() == 0) {
			this.stalls.remove(connection);
		}
		else if (stall == null || stall.taken() != taken) {
			this.stalls.put(connection, new Stall(taken, now));
		}
		else if (now - stall.sinceNanos() >= this.writeStallNanos) {
			this.stalls.remove(connection);
			connection.reset(CloseReason.SLOW_READER);
		}
	}

	private record Stall(long taken, long sinceNanos) {

	}

}
