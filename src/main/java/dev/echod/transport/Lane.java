package dev.echod.transport;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the tasks of one connection on another executor, one at a time and in order. A
 * task that fails does not keep those after it from running.
 */
final class Lane {

	private static final Logger logger = LoggerFactory.getLogger(Lane.class);

	private final Executor executor;

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	private boolean running;

	Lane(Executor executor) {
		this.executor = executor;
	}

	/**
	 * Runs a task after those before.
	 * @throws RejectedExecutionException if the executor does not take it, for want of a
	 * thread or otherwise; it is not run then, and the next may be
	 */
	void execute(Runnable task) {
		synchronized (this.tasks) {
			this.tasks.add(task);
			if (this.running) {
				return;
			}
			this.running = true;
		}
		try {
			this.executor.execute(this::runAll);
		}
		catch (RuntimeException | Error ex) {
			synchronized (this.tasks) {
				this.tasks.remove(task);
				this.running = false;
			}
			throw (ex instanceof RejectedExecutionException rejected) ? rejected
					: new RejectedExecutionException("The executor does not take a task", ex);
		}
	}

	private void runAll() {
		for (Runnable task = next(); task != null; task = next()) {
			try {
				task.run();
			}
			catch (Throwable ex) {
				logger.error("A task of a connection failed", ex);
			}
		}
	}

	private @Nullable Runnable next() {
		synchronized (this.tasks) {
			Runnable task = this.tasks.poll();
			this.running = (task != null);
			return task;
		}
	}

}
