package dev.echod.drain;

import org.springframework.context.SmartLifecycle;

/**
 * Drains the service before anything else stops.
 */
class DrainLifecycle implements SmartLifecycle {

	/**
	 * The highest, so that it stops first: the listeners and the admin API are in lower
	 * ones.
	 */
	static final int PHASE = Integer.MAX_VALUE;

	private final Drain drain;

	private volatile boolean running;

	DrainLifecycle(Drain drain) {
		this.drain = drain;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop(Runnable callback) {
		this.drain.finish().whenComplete((outcome, failure) -> {
			this.running = false;
			callback.run();
		});
	}

	@Override
	public void stop() {
		this.drain.finish().join();
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
