package dev.echod.admin;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.echod.connection.RepeatedTask;
import dev.echod.listener.Listener;
import dev.echod.listener.Listeners;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Looks each second whether what listeners depend on can be reached, so that whoever asks
 * for their health does not wait for it.
 */
class UpstreamWatch implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(UpstreamWatch.class);

	private static final Duration PERIOD = Duration.ofSeconds(1);

	private static final String UNKNOWN = "the upstream was not looked at yet";

	private static final String NONE = "";

	private final Listeners listeners;

	/**
	 * By listener: what is wrong, or {@link #NONE}.
	 */
	private final Map<String, String> failures = new ConcurrentHashMap<>();

	private final RepeatedTask task = new RepeatedTask("upstream-watch", PERIOD, this::lookAtAll);

	UpstreamWatch(Listeners listeners) {
		this.listeners = listeners;
	}

	/**
	 * What is wrong with what the listener depends on; null when nothing is, or it
	 * depends on nothing.
	 */
	@Nullable String failureOf(Listener listener) {
		if (!listener.hasUpstream()) {
			return null;
		}
		String failure = this.failures.getOrDefault(listener.name(), UNKNOWN);
		return failure.equals(NONE) ? null : failure;
	}

	@Override
	public void start() {
		if (this.listeners.all().stream().anyMatch(Listener::hasUpstream)) {
			this.task.start();
		}
	}

	private void lookAtAll() {
		this.listeners.all().stream().filter(Listener::hasUpstream).forEach(this::look);
	}

	private void look(Listener listener) {
		try {
			String failure = listener.checkUpstream();
			this.failures.put(listener.name(), (failure != null) ? failure : NONE);
		}
		catch (RuntimeException | Error ex) {
			this.failures.put(listener.name(), ex.toString());
			logger.warn("The upstream of '{}' could not be looked at: {}", listener.name(), ex.toString());
		}
	}

	@Override
	public void stop() {
		this.task.stop();
	}

	@Override
	public boolean isRunning() {
		return this.task.isRunning();
	}

}
