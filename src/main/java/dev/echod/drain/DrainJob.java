package dev.echod.drain;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import dev.echod.connection.ClosePace;
import dev.echod.connection.CloseReason;
import dev.echod.connection.ClosedConnection;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.ConnectionState;
import dev.echod.connection.OpenConnection;
import dev.echod.connection.Times;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One drain, from its announcement to its end, on a thread of its own. Any other thread
 * may ask how far it is, hurry it or call it off.
 */
final class DrainJob {

	private static final Logger logger = LoggerFactory.getLogger(DrainJob.class);

	private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final ConnectionRegistry registry;

	private final Runnable closeListeners;

	private final LongSupplier nanoClock;

	private final Instant startedAt = Instant.now();

	private final long startedNanos;

	private final LongAdder closedByClient = new LongAdder();

	private final LongAdder closedByUs = new LongAdder();

	private final LongAdder reset = new LongAdder();

	private final LongAdder cut = new LongAdder();

	private final CompletableFuture<DrainOutcome> outcome = new CompletableFuture<>();

	private final Thread thread;

	private volatile DrainState state = DrainState.ANNOUNCED;

	private final ClosePace pace;

	/**
	 * What it is given now.
	 */
	private volatile DrainPlan plan;

	private volatile long announcedUntil;

	private volatile long deadline;

	private volatile @Nullable DrainProgress result;

	/**
	 * Create a job.
	 * @param closeListeners refuses new clients from then on
	 * @param nanoClock as {@link System#nanoTime()}
	 */
	DrainJob(DrainPlan plan, ConnectionRegistry registry, Runnable closeListeners, LongSupplier nanoClock) {
		this.plan = plan;
		this.registry = registry;
		this.closeListeners = closeListeners;
		this.nanoClock = nanoClock;
		this.startedNanos = nanoClock.getAsLong();
		this.pace = new ClosePace(plan.closesPerSecond(), this.startedNanos);
		this.announcedUntil = this.startedNanos + plan.announce().toNanos();
		this.deadline = this.announcedUntil + plan.deadline().toNanos();
		this.thread = Thread.ofVirtual().name("drain").unstarted(this::run);
	}

	void start() {
		this.thread.start();
	}

	DrainState state() {
		return this.state;
	}

	/**
	 * Completes when the drain has ended.
	 */
	CompletableFuture<DrainOutcome> outcome() {
		return this.outcome;
	}

	DrainStatus status() {
		DrainProgress ended = this.result;
		DrainOutcome known = this.outcome.getNow(null);
		DrainState reached = (this.state == DrainState.DRAINED && known == null) ? DrainState.DRAINING : this.state;
		return new DrainStatus(reached, this.plan, (ended != null) ? ended : progress(timeLeft()), known);
	}

	private Duration timeLeft() {
		return Duration.ofNanos(Math.max(0, this.deadline - this.nanoClock.getAsLong()));
	}

	private DrainProgress progress(Duration timeLeft) {
		long remaining = remaining();
		long byClient = this.closedByClient.sum();
		long byUs = this.closedByUs.sum();
		long resets = this.reset.sum();
		long cuts = this.cut.sum();
		long now = this.nanoClock.getAsLong();
		return new DrainProgress(this.startedAt, Duration.ofNanos(now - this.startedNanos), timeLeft,
				remaining + byClient + byUs + resets + cuts, remaining, byClient, byUs, resets, cuts);
	}

	/**
	 * With those that are about to be ready.
	 */
	private int remaining() {
		return this.registry.arrivals().size() + this.registry.connections().size();
	}

	/**
	 * Leaves the drain no more than the time, and no slower a pace, of another plan from
	 * now on.
	 */
	synchronized void join(DrainPlan other) {
		this.pace.atLeast(other.closesPerSecond());
		this.plan = this.plan.joinedBy(other, this.pace.perSecond());
		hurry(other.announce(), other.deadline());
	}

	/**
	 * Leaves the drain no more than so much time from now on.
	 */
	synchronized void hurry(Duration announce, Duration deadline) {
		long now = this.nanoClock.getAsLong();
		DrainPlan given = this.plan;
		if (now + announce.toNanos() - this.announcedUntil < 0) {
			this.announcedUntil = now + announce.toNanos();
			given = given.within(announce, given.deadline());
		}
		long from = (this.state == DrainState.ANNOUNCED) ? this.announcedUntil : now;
		Duration shorter = DrainPlan.shorter(given.deadline(), deadline);
		if (from + shorter.toNanos() - this.deadline < 0) {
			this.deadline = from + shorter.toNanos();
			given = given.within(given.announce(), shorter);
		}
		this.plan = given;
		LockSupport.unpark(this.thread);
	}

	/**
	 * Calls the drain off.
	 * @return whether it was still running
	 */
	boolean cancel() {
		boolean cancelled = moveTo(DrainState.CANCELLED);
		LockSupport.unpark(this.thread);
		return cancelled;
	}

	/**
	 * Whether it has ended, and the service shuts down after it.
	 */
	boolean leadsToShutdown() {
		return this.state == DrainState.DRAINED && this.plan.shutdown();
	}

	/**
	 * Moves on from an end of the drain.
	 */
	void serveAgain() {
		moveTo(DrainState.SERVING);
	}

	private synchronized boolean moveTo(DrainState next) {
		boolean allowed = switch (next) {
			case ANNOUNCED -> false;
			case DRAINING -> this.state == DrainState.ANNOUNCED;
			case DRAINED -> this.state == DrainState.DRAINING;
			case CANCELLED -> this.state == DrainState.ANNOUNCED || this.state == DrainState.DRAINING;
			case SERVING -> this.state == DrainState.DRAINED || this.state == DrainState.CANCELLED;
		};
		if (allowed) {
			this.state = next;
		}
		return allowed;
	}

	/**
	 * Counts a connection that ended; called on its event loop.
	 */
	void closed(ClosedConnection connection) {
		if (this.state != DrainState.DRAINING) {
			return;
		}
		switch (connection.reason()) {
			case PEER_CLOSED, PEER_RESET -> this.closedByClient.increment();
			case DRAIN_DEADLINE -> this.reset.increment();
			// Who was never ready was owed nothing.
			case HANDSHAKE_TIMEOUT, PROXY_INVALID, PROXY_UNTRUSTED -> this.closedByUs.increment();
			default -> (connection.reason().isCut() ? this.cut : this.closedByUs).increment();
		}
	}

	private void run() {
		try {
			announce();
			if (moveTo(DrainState.DRAINING)) {
				this.closeListeners.run();
				logger.info("Drain: new clients are refused, {} connections are open", remaining());
				closeConnections();
			}
		}
		finally {
			end();
		}
	}

	private void announce() {
		if (this.nanoClock.getAsLong() - this.announcedUntil < 0) {
			logger.info("Drain: announced for {} s, connections are still accepted",
					Times.seconds(this.plan.announce()));
		}
		while (this.state == DrainState.ANNOUNCED && this.nanoClock.getAsLong() - this.announcedUntil < 0) {
			LockSupport.parkNanos(this, TICK_NANOS);
		}
	}

	private void closeConnections() {
		this.pace.start(this.nanoClock.getAsLong());
		while (this.state == DrainState.DRAINING && remaining() > 0) {
			long now = this.nanoClock.getAsLong();
			if (now - this.deadline < 0) {
				closeQuiet(now);
			}
			else {
				this.registry.arrivals().forEach((arrival) -> attempt(() -> arrival.end(CloseReason.DRAIN_DEADLINE)));
				this.registry.connections()
					.forEach((connection) -> attempt(() -> connection.reset(CloseReason.DRAIN_DEADLINE)));
			}
			LockSupport.parkNanos(this, TICK_NANOS);
		}
	}

	/**
	 * One connection that cannot be closed does not keep those after it open.
	 */
	private static void attempt(Runnable close) {
		try {
			close.run();
		}
		catch (RuntimeException | Error ex) {
			logger.warn("Drain: a connection could not be closed, and is tried again: {}", ex.toString());
		}
	}

	private void closeQuiet(long now) {
		int allowed = this.pace.allowed(now);
		Duration quiet = this.plan.quiet();
		for (OpenConnection connection : this.registry.connections()) {
			if (allowed == 0) {
				return;
			}
			if (connection.state() == ConnectionState.OPEN && !connection.isOwing()
					&& connection.idleFor().compareTo(quiet) >= 0) {
				attempt(() -> connection.closeIfQuiet(quiet, CloseReason.DRAINED));
				this.pace.closed();
				allowed--;
			}
		}
	}

	private void end() {
		DrainProgress progress = progress(Duration.ZERO);
		this.result = progress;
		DrainOutcome ended = DrainOutcome.CANCELLED;
		if (moveTo(DrainState.DRAINED)) {
			boolean clean = progress.reset() == 0 && progress.cut() == 0 && progress.remaining() == 0;
			ended = clean ? DrainOutcome.CLEAN : DrainOutcome.FORCED;
		}
		logger.info(
				"Drain {} after {} ms: of {} connections {} closed by the client, {} by us, {} reset, {} cut off, {} left",
				ended, progress.elapsed().toMillis(), progress.initial(), progress.closedByClient(),
				progress.closedByUs(), progress.reset(), progress.cut(), progress.remaining());
		this.outcome.complete(ended);
	}

}
