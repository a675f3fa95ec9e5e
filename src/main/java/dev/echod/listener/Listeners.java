package dev.echod.listener;

import java.util.Collection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * All listeners; starts and stops them with the application.
 */
public class Listeners implements SmartLifecycle {

	/**
	 * After the drain, and before the admin API.
	 */
	static final int PHASE = DEFAULT_PHASE - 1;

	private static final Logger logger = LoggerFactory.getLogger(Listeners.class);

	private final Collection<Listener> listeners;

	private volatile boolean running;

	Listeners(Collection<Listener> listeners) {
		this.listeners = listeners;
	}

	/**
	 * The enabled listeners, in the order of the configuration.
	 */
	public Collection<Listener> all() {
		return this.listeners;
	}

	/**
	 * The listener with this name; null when there is none.
	 */
	public @Nullable Listener named(String name) {
		return this.listeners.stream().filter((listener) -> listener.name().equals(name)).findAny().orElse(null);
	}

	@Override
	public void start() {
		this.running = true;
		this.listeners.forEach(Listener::start);
	}

	@Override
	public void stop() {
		for (Listener listener : this.listeners) {
			try {
				listener.stop();
			}
			catch (RuntimeException | Error ex) {
				logger.warn("Listener '{}' could not be stopped", listener.name(), ex);
			}
		}
		this.running = false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
