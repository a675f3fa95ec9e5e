package dev.echod.listener;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.OpenConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Has each connection's opening and end logged, on a thread of its own: who opens and
 * closes connections neither formats a line nor waits for where it is written to. Of more
 * than can be written the newest are dropped and counted.
 */
public final class AccessLog implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(AccessLog.class);

	/**
	 * How many events may wait; each takes some 300 bytes.
	 */
	private static final int DEFAULT_MOST = 8192;

	/**
	 * Between two looks at what waits: who adds wakes nobody.
	 */
	private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

	private static final long STOP_MILLIS = 2_000;

	private final AccessLogMode mode;

	private final int most;

	private final Map<String, Listener> listeners;

	private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();

	private final AtomicInteger waiting = new AtomicInteger();

	private final LongAdder dropped = new LongAdder();

	private volatile @Nullable Thread thread;

	AccessLog(AccessLogMode mode, ConnectionRegistry registry, Listeners listeners) {
		this(mode, registry, listeners, DEFAULT_MOST);
	}

	AccessLog(AccessLogMode mode, ConnectionRegistry registry, Listeners listeners, int most) {
		this.mode = mode;
		this.most = most;
		this.listeners = listeners.all().stream().collect(Collectors.toMap(Listener::name, Function.identity()));
		if (mode != AccessLogMode.OFF) {
			registry.onClosed(this::closed);
		}
		if (mode == AccessLogMode.OPENED_AND_CLOSED) {
			registry.onOpened(this::opened);
		}
	}

	private void opened(OpenConnection connection) {
		add(() -> AccessEvent.opened(connection, this.listeners.get(connection.listener())));
	}

	private void closed(ClosedConnection connection) {
		add(() -> AccessEvent.closed(connection, this.listeners.get(connection.listener())));
	}

	private void add(Runnable event) {
		if (this.waiting.incrementAndGet() > this.most) {
			this.waiting.decrementAndGet();
			this.dropped.increment();
		}
		else {
			this.events.add(event);
		}
	}

	/**
	 * How many events were not logged, because too many waited.
	 */
	public long dropped() {
		return this.dropped.sum();
	}

	@Override
	public void start() {
		if (this.mode != AccessLogMode.OFF && this.thread == null) {
			// The system's: who writes to a pipe that nobody reads holds on to its
			// thread.
			Thread started = Thread.ofPlatform().daemon().name("access-log").unstarted(this::run);
			this.thread = started;
			started.start();
		}
	}

	private void run() {
		long told = 0;
		long toldNanos = System.nanoTime() - QUIET_NANOS;
		while (Thread.currentThread().equals(this.thread)) {
			writeAll();
			if (dropped() > told && System.nanoTime() - toldNanos >= QUIET_NANOS) {
				toldNanos = System.nanoTime();
				told = tellDropped(told);
			}
			LockSupport.parkNanos(this, PAUSE_NANOS);
		}
		writeAll();
		if (dropped() > told) {
			tellDropped(told);
		}
	}

	private long tellDropped(long told) {
		long all = dropped();
		logger.warn("The access log dropped {} events: they came faster than they could be written", all - told);
		return all;
	}

	private void writeAll() {
		for (Runnable event = this.events.poll(); event != null; event = this.events.poll()) {
			this.waiting.decrementAndGet();
			try {
				event.run();
			}
			catch (RuntimeException | Error ex) {
				logger.warn("An event could not be logged: {}", ex.toString());
			}
		}
	}

	/**
	 * Logs what waits, for two seconds at most.
	 */
	@Override
	public void stop() {
		Thread running = this.thread;
		this.thread = null;
		if (running == null) {
			return;
		}
		LockSupport.unpark(running);
		try {
			running.join(STOP_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Before the listeners, and until after them.
	 */
	@Override
	public int getPhase() {
		return Listeners.PHASE - 1;
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

}
