package dev.echod.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bulk close, at its pace. Any thread may ask how far it is, or call it off. It
 * remembers ids, so that who leaves meanwhile is not kept in memory.
 */
final class BulkCloseJob {

	private static final Logger logger = LoggerFactory.getLogger(BulkCloseJob.class);

	private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	private final BulkClosePlan plan;

	/**
	 * Whose turn is to come.
	 */
	private final Queue<String> ids;

	private final ConnectionRegistry registry;

	private final LongSupplier nanoClock;

	private final ClosePace pace;

	private final Instant startedAt = Instant.now();

	private final long startedNanos;

	private final Thread thread;

	private BulkCloseState state;

	private int closed;

	private int notReached;

	private long endedNanos;

	/**
	 * Create a job.
	 * @param ids those of the connections that match, in the order they are closed in
	 * @param nanoClock as {@link System#nanoTime()}
	 */
	BulkCloseJob(BulkClosePlan plan, List<String> ids, ConnectionRegistry registry, LongSupplier nanoClock) {
		this.plan = plan;
		this.ids = new ArrayDeque<>(ids);
		this.registry = registry;
		this.nanoClock = nanoClock;
		this.startedNanos = nanoClock.getAsLong();
		this.endedNanos = this.startedNanos;
		this.state = ids.isEmpty() ? BulkCloseState.DONE : BulkCloseState.RUNNING;
		this.pace = new ClosePace(plan.closesPerSecond(), this.startedNanos);
		this.thread = Thread.ofVirtual().name("bulk-close").unstarted(this::run);
	}

	/**
	 * Runs it on a thread of its own.
	 */
	void start() {
		this.thread.start();
	}

	/**
	 * Runs it to its end.
	 */
	void run() {
		try {
			while (isRunning()) {
				closeAsManyAsAllowed();
				if (isRunning()) {
					LockSupport.parkNanos(this, TICK_NANOS);
				}
			}
		}
		finally {
			// What failed keeps no other from running.
			cancel();
			BulkCloseStatus end = status();
			logger.info("Bulk close {} after {} ms: of {} connections {} were closed, {} not reached", end.state(),
					end.elapsed().toMillis(), this.plan.matched(), end.closed(), end.waiting());
		}
	}

	private void closeAsManyAsAllowed() {
		int allowed = this.pace.allowed(this.nanoClock.getAsLong());
		while (allowed > 0 && isRunning()) {
			if (closeNext()) {
				this.pace.closed();
				allowed--;
			}
		}
	}

	synchronized boolean isRunning() {
		return this.state == BulkCloseState.RUNNING;
	}

	/**
	 * Gives the next connection its turn.
	 * @return whether it was told to close
	 */
	private boolean closeNext() {
		OpenConnection connection = takeNext();
		if (connection == null) {
			return false;
		}
		try {
			// Who has said something since is not idle any more.
			connection.when(this.plan.filter(), (same) -> this.plan.mode().close(same, this.plan.note()));
		}
		catch (RuntimeException | Error ex) {
			// It does not keep those after it open.
			logger.warn("Bulk close: {} could not be closed: {}", connection.id(), ex.toString());
		}
		return true;
	}

	/**
	 * The next connection; null when it is gone or does not match any more, and when
	 * nobody else has a turn.
	 */
	private synchronized @Nullable OpenConnection takeNext() {
		String id = this.ids.poll();
		if (this.ids.isEmpty() && isRunning()) {
			end(BulkCloseState.DONE);
		}
		OpenConnection connection = (id != null) ? this.registry.connection(id) : null;
		if (connection == null || !this.plan.filter().test(connection)) {
			return null;
		}
		this.closed++;
		return connection;
	}

	private void end(BulkCloseState end) {
		this.state = end;
		this.endedNanos = this.nanoClock.getAsLong();
		this.notReached = this.ids.size();
		this.ids.clear();
	}

	/**
	 * Calls it off: nobody else is told to close.
	 * @return whether it was running
	 */
	synchronized boolean cancel() {
		if (!isRunning()) {
			return false;
		}
		end(BulkCloseState.CANCELLED);
		LockSupport.unpark(this.thread);
		return true;
	}

	synchronized BulkCloseStatus status() {
		boolean running = isRunning();
		long until = running ? this.nanoClock.getAsLong() : this.endedNanos;
		return new BulkCloseStatus(this.state, this.plan, this.closed, running ? this.ids.size() : this.notReached,
				this.startedAt, Duration.ofNanos(until - this.startedNanos));
	}

}
