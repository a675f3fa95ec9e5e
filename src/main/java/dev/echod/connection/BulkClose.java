package dev.echod.connection;

import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Closes the connections that a filter chooses, at once or at a pace. There is one paced
 * close at a time, none while a drain closes connections. Any thread may call.
 */
public class BulkClose {

	private final OpenConnections connections;

	private final ConnectionRegistry registry;

	private final LongSupplier nanoClock;

	/**
	 * The present or the last that was paced.
	 */
	private @Nullable BulkCloseJob job;

	private boolean draining;

	BulkClose(OpenConnections connections, ConnectionRegistry registry, LongSupplier nanoClock) {
		this.connections = connections;
		this.registry = registry;
		this.nanoClock = nanoClock;
	}

	/**
	 * Closes connections, or says what that would be. Returns at once where it is paced.
	 * @throws IllegalArgumentException if the filter chooses all
	 * @throws CloseRefusedException if another number matches than was expected, or it is
	 * paced and another one runs, or a drain closes them
	 */
	public BulkCloseStatus close(BulkCloseRequest request) {
		if (request.filter().isEmpty()) {
			throw new IllegalArgumentException(
					"Say which connections: 'listener', 'peer', 'idleFor', 'olderThan' or 'state' is needed");
		}
		List<String> ids = this.connections.matching(request.filter()).stream().map(OpenConnection::id).toList();
		Integer expected = request.expect();
		if (expected != null && expected != ids.size()) {
			throw new CloseRefusedException(
					"%d connections match, not %d; none was closed".formatted(ids.size(), expected));
		}
		BulkClosePlan plan = BulkClosePlan.of(request, ids.size());
		if (request.dryRun()) {
			return BulkCloseStatus.planned(plan);
		}
		BulkCloseJob started = new BulkCloseJob(plan, ids, this.registry, this.nanoClock);
		if (plan.isPaced() && !ids.isEmpty()) {
			start(started);
		}
		else {
			started.run();
		}
		return started.status();
	}

	private synchronized void start(BulkCloseJob next) {
		if (this.draining) {
			throw new CloseRefusedException("The service is drained, which closes its connections; "
					+ "only a close without a pace ('closesPerSecond' 0) is possible");
		}
		if (this.job != null && this.job.isRunning()) {
			throw new CloseRefusedException("A paced close is running already; cancel it, or wait for its end");
		}
		this.job = next;
		next.start();
	}

	/**
	 * The present or the last paced close.
	 */
	public synchronized BulkCloseStatus status() {
		return (this.job != null) ? this.job.status() : BulkCloseStatus.idle();
	}

	/**
	 * Calls the paced close off. Who was told to close closes; nobody else is told.
	 * @throws CloseRefusedException if none is running
	 */
	public synchronized BulkCloseStatus cancel() {
		if (this.job == null || !this.job.cancel()) {
			throw new CloseRefusedException("No paced close is running");
		}
		return this.job.status();
	}

	/**
	 * A drain closes the connections itself from now on: ends the paced close, and begins
	 * no other.
	 */
	public synchronized void drainBegins() {
		this.draining = true;
		if (this.job != null) {
			this.job.cancel();
		}
	}

	/**
	 * The drain was taken back.
	 */
	public synchronized void drainEnds() {
		this.draining = false;
	}

}
