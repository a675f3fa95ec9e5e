package dev.echod.connection;

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
 * who has much of it and does not get on; who is idle or old is closed in order, and who
 * is not ready in time is closed too. What each receives and sends in a second is found
 * out on the way. It costs nothing on the way of a byte, and no timer for each
 * connection; a limit is kept to within two seconds.
 */
public final class Watch {

	private static final Logger logger = LoggerFactory.getLogger(Watch.class);

	private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Collection<ServedConnection> connections;

	private final Collection<Arrival> arrivals;

	private volatile TimeLimits limits;

	private volatile ByteRates rates = ByteRates.NONE;

	private final LongSupplier nanoClock;

	/**
	 * Of those that something waits for: since when they have taken nothing.
	 */
	private final Map<ServedConnection, Stall> stalls = new ConcurrentHashMap<>();

	private volatile @Nullable Thread thread;

	private final MemoryWatch memory;

	private final RateSampler sampler;

	/**
	 * Create a watch that does not look yet.
	 * @param connections those of a listener, as a live view
	 * @param arrivals those that are not ready, as a live view
	 * @param memoryForEach how much each may have now, in bytes
	 */
	public Watch(Collection<ServedConnection> connections, Collection<Arrival> arrivals, TimeLimits limits,
			LongSupplier memoryForEach) {
		this(connections, arrivals, limits, memoryForEach, System::nanoTime);
	}

	Watch(Collection<ServedConnection> connections, Collection<Arrival> arrivals, TimeLimits limits,
			LongSupplier memoryForEach, LongSupplier nanoClock) {
		this.connections = connections;
		this.arrivals = arrivals;
		this.limits = limits;
		this.nanoClock = nanoClock;
		this.memory = new MemoryWatch(connections, memoryForEach, nanoClock);
		this.sampler = new RateSampler(connections, nanoClock);
	}

	/**
	 * Looks for something else from now on, with the connections there are too.
	 */
	public void limit(TimeLimits newLimits) {
		this.limits = newLimits;
	}

	/**
	 * Holds the connections there are to other byte rates from now on.
	 */
	public void keepTo(ByteRates newRates) {
		this.rates = newRates;
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
				tell(ex);
			}
		}
	}

	/**
	 * Without memory there is none for a line either: that ends nothing.
	 */
	private static void tell(Throwable failure) {
		try {
			logger.warn("A sweep over the connections failed, the next is in a second", failure);
		}
		catch (RuntimeException | Error ex) {
			// The next one is told.
		}
	}

	void sweep() {
		TimeLimits current = this.limits;
		this.memory.sweep();
		this.sampler.sweep();
		keepAllTo(this.rates);
		if (current.handshake().isPositive()) {
			long now = this.nanoClock.getAsLong();
			for (Arrival arrival : this.arrivals) {
				if (now - arrival.acceptedNanos() >= current.handshake().toNanos()) {
					arrival.expire();
				}
			}
		}
		if (current.writeStall().isPositive()) {
			lookForStalls(current.writeStall().toNanos());
		}
		else {
			this.stalls.clear();
		}
		if (current.idle().isPositive() || current.maxAge().isPositive()) {
			lookForTheIdleAndTheOld(current.idle().toNanos(), current.maxAge().toNanos());
		}
	}

	private void keepAllTo(ByteRates current) {
		for (ServedConnection connection : this.connections) {
			connection.keepTo(current);
		}
	}

	private void lookForStalls(long limit) {
		this.stalls.keySet().removeIf((connection) -> connection.pendingBytes() == 0);
		for (ServedConnection connection : this.connections) {
			if (connection.pendingBytes() > 0) {
				connection.inspect((taken) -> inspected(connection, taken, limit));
			}
		}
	}

	private void inspected(ServedConnection connection, long taken, long limit) {
		long now = this.nanoClock.getAsLong();
		Stall stall = this.stalls.get(connection);
		if (connection.pendingBytes() == 0) {
			this.stalls.remove(connection);
		}
		else if (stall == null || stall.taken() != taken) {
			this.stalls.put(connection, new Stall(taken, now));
		}
		else if (now - stall.sinceNanos() >= limit) {
			this.stalls.remove(connection);
			connection.reset(CloseReason.SLOW_READER);
		}
	}

	private void lookForTheIdleAndTheOld(long idle, long maxAge) {
		long now = this.nanoClock.getAsLong();
		for (ServedConnection connection : this.connections) {
			if (connection.state() == ConnectionState.CLOSING) {
				continue;
			}
			if (maxAge > 0 && now - connection.openedNanos() >= Lifetime.of(connection.id(), maxAge)) {
				connection.close(CloseReason.MAX_AGE);
			}
			else if (idle > 0 && isIdle(connection, idle)) {
				// Looks again where nothing comes in between.
				connection.when((open) -> isIdle(connection, idle), (open) -> open.close(CloseReason.IDLE_TIMEOUT));
			}
		}
	}

	private static boolean isIdle(ServedConnection connection, long limit) {
		if (connection.isOwing()) {
			connection.noteOwing();
			return false;
		}
		return connection.quietNanos() >= limit;
	}

	private record Stall(long taken, long sinceNanos) {

	}

}
