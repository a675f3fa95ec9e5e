package dev.echod.connection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Does something again and again, on a thread of its own: at its start, and each time
 * when the period since the last one is over. A failure does not end it. The thread is
 * the system's: who waits for a name to be resolved holds on to it.
 */
public final class RepeatedTask implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(RepeatedTask.class);

	private final String name;

	private final Duration period;

	private final Runnable task;

	private volatile @Nullable Thread thread;

	/**
	 * Create a task that has not begun.
	 * @param name the thread's name
	 * @param task what is done; it may be interrupted by the stop
	 */
	public RepeatedTask(String name, Duration period, Runnable task) {
		this.name = name;
		this.period = period;
		this.task = task;
	}

	@Override
	public void start() {
		Thread started = Thread.ofPlatform().daemon().name(this.name).unstarted(this::run);
		this.thread = started;
		started.start();
	}

	private void run() {
		try {
			while (Thread.currentThread().equals(this.thread)) {
				once();
				Thread.sleep(this.period);
			}
		}
		catch (InterruptedException ex) {
			// It was stopped.
		}
	}

	private void once() {
		try {
			this.task.run();
		}
		catch (RuntimeException | Error ex) {
			tell(ex);
		}
	}

	/**
	 * Without memory there is none for a line either: that ends nothing.
	 */
	private void tell(Throwable failure) {
		try {
			logger.warn("'{}' failed, and is tried again after {}: {}", this.name, this.period, failure.toString());
		}
		catch (RuntimeException | Error ex) {
			// The next one is told.
		}
	}

	@Override
	public void stop() {
		Thread running = this.thread;
		this.thread = null;
		if (running != null) {
			running.interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

}
