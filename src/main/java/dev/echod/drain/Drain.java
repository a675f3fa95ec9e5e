package dev.echod.drain;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

import dev.echod.connection.BulkClose;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.listener.Listener;
import dev.echod.listener.ListenerBindException;
import dev.echod.listener.ListenerState;
import dev.echod.listener.Listeners;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Drains the service: refuses new clients, closes the connections when they are quiet,
 * resets what is left at the deadline. There is one drain at a time, and the last one's
 * result is kept. Any thread may call.
 */
public class Drain {

	/**
	 * The process's exit code when the drain before its end had to reset connections.
	 */
	public static final int FORCED_EXIT_CODE = 4;

	private static final Logger logger = LoggerFactory.getLogger(Drain.class);

	private final Listeners listeners;

	private final ConnectionRegistry registry;

	private final BulkClose bulkClose;

	private final DrainProperties properties;

	private final ConfigurableApplicationContext context;

	private final LongSupplier nanoClock;

	/**
	 * The listeners that a drain closed, not those that were paused before.
	 */
	private final List<Listener> closedListeners = new CopyOnWriteArrayList<>();

	private final Map<DrainOutcome, Long> outcomes = new ConcurrentHashMap<>();

	private volatile @Nullable DrainJob job;

	private volatile boolean ending;

	/**
	 * Whether the end was told not to wait, maybe before it had begun.
	 */
	private boolean hurried;

	Drain(Listeners listeners, ConnectionRegistry registry, BulkClose bulkClose, DrainProperties properties,
			ConfigurableApplicationContext context, LongSupplier nanoClock) {
		this.listeners = listeners;
		this.registry = registry;
		this.bulkClose = bulkClose;
		this.properties = properties;
		this.context = context;
		this.nanoClock = nanoClock;
		registry.onClosed(this::closed);
	}

	/**
	 * How the service is drained when nobody says otherwise.
	 */
	public DrainProperties properties() {
		return this.properties;
	}

	public DrainStatus status() {
		DrainJob current = this.job;
		return (current != null) ? current.status() : new DrainStatus(DrainState.SERVING, null, null, null);
	}

	/**
	 * How many drains ended like this since the start.
	 */
	public long count(DrainOutcome outcome) {
		return this.outcomes.getOrDefault(outcome, 0L);
	}

	/**
	 * Starts a drain, and returns at once.
	 * @throws DrainRefusedException if one is running, or the service shuts down
	 */
	public synchronized DrainStatus start(DrainPlan plan) {
		if (isRunning()) {
			throw new DrainRefusedException("A drain is running already");
		}
		DrainJob last = this.job;
		if (this.ending || (last != null && last.leadsToShutdown())) {
			throw new DrainRefusedException("The service shuts down");
		}
		return begin(plan).status();
	}

	private DrainJob begin(DrainPlan plan) {
		DrainJob started = new DrainJob(plan, this.registry, this::closeListeners, this.nanoClock);
		this.job = started;
		AvailabilityChangeEvent.publish(this.context, ReadinessState.REFUSING_TRAFFIC);
		started.outcome().thenAccept((outcome) -> this.outcomes.merge(outcome, 1L, Long::sum));
		if (plan.shutdown()) {
			started.outcome().thenAccept(this::shutdown);
		}
		started.start();
		return started;
	}

	/**
	 * Runs what may only be done while the service is not drained; no drain begins
	 * meanwhile.
	 * @throws DrainRefusedException if it is drained
	 */
	public synchronized void whileServing(Runnable action) {
		if (status().state() != DrainState.SERVING || this.ending) {
			throw new DrainRefusedException("The service is drained; cancel the drain first");
		}
		action.run();
	}

	/**
	 * Takes back a drain, whether it is running or has ended: the listeners it closed
	 * accept connections again. Those that are open are left alone.
	 * @throws DrainRefusedException if the service is not drained, or shuts down
	 * @throws ListenerBindException if a listener's address was taken in the meantime;
	 * the others accept connections again
	 * @throws IllegalStateException if one cannot be opened otherwise; here as well
	 */
	public synchronized DrainStatus cancel() {
		DrainJob current = this.job;
		if (current == null || current.state() == DrainState.SERVING) {
			throw new DrainRefusedException("There is no drain to cancel");
		}
		// It may end by itself until it is called off.
		if (this.ending || (!current.cancel() && current.leadsToShutdown())) {
			throw new DrainRefusedException("The service shuts down, its drain cannot be cancelled");
		}
		current.outcome().join();
		try {
			openListeners();
		}
		finally {
			current.serveAgain();
			this.bulkClose.drainEnds();
			AvailabilityChangeEvent.publish(this.context, ReadinessState.ACCEPTING_TRAFFIC);
		}
		return current.status();
	}

	/**
	 * Drains for good, as the application ends. A drain that is running is given no more
	 * than the configured times, and no slower a pace, from now on.
	 * @return completes when no connection is left
	 */
	synchronized CompletableFuture<DrainOutcome> finish() {
		this.ending = true;
		DrainJob current = this.job;
		if (current != null && isRunning()) {
			current.join(DrainPlan.shutdown(this.properties));
			if (this.hurried) {
				current.hurry(Duration.ZERO, Duration.ZERO);
			}
			return current.outcome();
		}
		if (current != null && current.state() == DrainState.DRAINED) {
			return current.outcome();
		}
		DrainJob last = begin(DrainPlan.shutdown(this.properties));
		if (this.hurried) {
			last.hurry(Duration.ZERO, Duration.ZERO);
		}
		return last.outcome();
	}

	/**
	 * Ends a running drain now, or the one before the end as soon as it begins: what is
	 * left is reset.
	 */
	public synchronized void endNow() {
		this.hurried = true;
		DrainJob current = this.job;
		if (current != null) {
			current.hurry(Duration.ZERO, Duration.ZERO);
		}
	}

	/**
	 * The process's exit code after the last drain: 0 when it was clean, or there was
	 * none; otherwise {@value #FORCED_EXIT_CODE}.
	 */
	public int exitCode() {
		DrainStatus status = status();
		return (status.plan() == null || status.outcome() == DrainOutcome.CLEAN) ? 0 : FORCED_EXIT_CODE;
	}

	private boolean isRunning() {
		DrainJob current = this.job;
		return current != null && !current.outcome().isDone();
	}

	private void closed(ClosedConnection connection) {
		DrainJob current = this.job;
		if (current != null) {
			current.closed(connection);
		}
	}

	private void closeListeners() {
		this.bulkClose.drainBegins();
		for (Listener listener : this.listeners.all()) {
			if (listener.state() == ListenerState.ACCEPTING) {
				this.closedListeners.add(listener);
				try {
					listener.pause();
				}
				catch (RuntimeException | Error ex) {
					logger.warn("Drain: listener '{}' cannot stop accepting: {}", listener.name(), ex.toString());
				}
			}
		}
	}

	private void openListeners() {
		RuntimeException failure = null;
		List<Listener> toOpen = List.copyOf(this.closedListeners);
		this.closedListeners.clear();
		for (Listener listener : toOpen) {
			try {
				listener.resume();
			}
			catch (ListenerBindException ex) {
				failure = ex;
				logger.warn(ex.getMessage());
			}
			catch (RuntimeException | Error ex) {
				failure = new IllegalStateException(
						"Listener '%s' cannot accept connections again: %s".formatted(listener.name(), ex), ex);
				logger.warn(failure.getMessage());
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	private void shutdown(DrainOutcome outcome) {
		if (outcome != DrainOutcome.CANCELLED && !this.ending) {
			new Thread(this.context::close, "shutdown").start();
		}
	}

}
