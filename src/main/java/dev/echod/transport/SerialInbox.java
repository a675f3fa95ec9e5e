package dev.echod.transport;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Runs a connection's tasks on an executor, one at a time and in order. Filled by the
 * connection's event loop.
 */
final class SerialInbox {

	private final Executor executor;

	private final Runnable onProgress;

	private final Deque<Task> tasks = new ArrayDeque<>();

	private boolean running;

	private long pendingBytes;

	/**
	 * Create an inbox.
	 * @param onProgress called after each task, on the executor's thread
	 */
	SerialInbox(Executor executor, Runnable onProgress) {
		this.executor = executor;
		this.onProgress = onProgress;
	}

	/**
	 * Adds a task.
	 * @param bytes what it holds in memory until it has run
	 * @throws java.util.concurrent.RejectedExecutionException if the executor refuses
	 */
	void add(Runnable action, int bytes) {
		synchronized (this.tasks) {
			this.tasks.add(new Task(action, bytes));
			this.pendingBytes += bytes;
			if (this.running) {
				return;
			}
			this.running = true;
		}
		this.executor.execute(this::run);
	}

	boolean isIdle() {
		synchronized (this.tasks) {
			return !this.running;
		}
	}

	long pendingBytes() {
		synchronized (this.tasks) {
			return this.pendingBytes;
		}
	}

	private void run() {
		for (Task task = next(null); task != null; task = next(task)) {
			task.action().run();
		}
		this.onProgress.run();
	}

	private @Nullable Task next(@Nullable Task done) {
		Task next;
		synchronized (this.tasks) {
			if (done != null) {
				this.pendingBytes -= done.bytes();
			}
			next = this.tasks.poll();
			this.running = (next != null);
		}
		if (done != null && next != null) {
			this.onProgress.run();
		}
		return next;
	}

	private record Task(Runnable action, int bytes) {

	}

}
