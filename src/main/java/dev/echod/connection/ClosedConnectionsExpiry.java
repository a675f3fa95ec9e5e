package dev.echod.connection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Has the registry let go of closed connections that were kept long enough, once a
 * minute: an entry's memory is had for its age and a minute at most, also where nobody
 * closes any more.
 */
final class ClosedConnectionsExpiry implements SmartLifecycle {

	private static final Duration PERIOD = Duration.ofMinutes(1);

	private final ConnectionRegistry registry;

	private final Duration period;

	private volatile @Nullable Thread thread;

	ClosedConnectionsExpiry(ConnectionRegistry registry) {
		this(registry, PERIOD);
	}

	ClosedConnectionsExpiry(ConnectionRegistry registry, Duration period) {
		this.registry = registry;
		this.period = period;
	}

	@Override
	public void start() {
		Thread started = Thread.ofVirtual().name("closed-connections").unstarted(this::run);
		this.thread = started;
		started.start();
	}

	private void run() {
		try {
			while (Thread.currentThread().equals(this.thread)) {
				Thread.sleep(this.period);
				this.registry.forgetExpired();
			}
		}
		catch (InterruptedException ex) {
			// It was stopped.
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
