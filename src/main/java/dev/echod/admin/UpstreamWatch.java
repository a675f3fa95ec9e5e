package dev.echod.admin;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import dev.echod.connection.RepeatedTask;
import dev.echod.listener.Listener;
import dev.echod.listener.Listeners;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Looks each second whether what listeners depend on can be reached, so that whoever asks
 * for their health does not wait for it. Each has a thread of its own: one that is slow
 * to look at delays no other. What was seen too long ago is a failure: nobody knows.
 */
class UpstreamWatch implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(UpstreamWatch.class);

	private static final Duration PERIOD = Duration.ofSeconds(1);

	private static final Duration OLD = Duration.ofSeconds(10);

	private static final String UNKNOWN = "the upstream was not looked at yet";

	private final LongSupplier nanoClock;

	/**
	 * The last one, by listener.
	 */
	private final Map<String, Look> looks = new ConcurrentHashMap<>();

	private final List<RepeatedTask> tasks;

	UpstreamWatch(Listeners listeners, LongSupplier nanoClock) {
		this.nanoClock = nanoClock;
		this.tasks = listeners.all()
			.stream()
			.filter(Listener::hasUpstream)
			.map((listener) -> new RepeatedTask("upstream-watch-" + listener.name(), PERIOD, () -> look(listener)))
			.toList();
	}

	/**
	 * What is wrong with what the listener depends on; null when nothing is, or it
	 * depends on nothing.
	 */
	@Nullable String failureOf(Listener listener) {
		if (!listener.hasUpstream()) {
			return null;
		}
		Look last = this.looks.get(listener.name());
		if (last == null) {
			return UNKNOWN;
		}
		Duration age = Duration.ofNanos(this.nanoClock.getAsLong() - last.nanos());
		return (age.compareTo(OLD) < 0) ? last.failure()
				: "the upstream was last looked at %d seconds ago".formatted(age.toSeconds());
	}

	@Override
	public void start() {
		this.tasks.forEach(RepeatedTask::start);
	}

	private void look(Listener listener) {
		this.looks.put(listener.name(), new Look(failure(listener), this.nanoClock.getAsLong()));
	}

	private static @Nullable String failure(Listener listener) {
		try {
			return listener.checkUpstream();
		}
		catch (RuntimeException | Error ex) {
			logger.warn("The upstream of '{}' could not be looked at: {}", listener.name(), ex.toString());
			return ex.toString();
		}
	}

	@Override
	public void stop() {
		this.tasks.forEach(RepeatedTask::stop);
	}

	@Override
	public boolean isRunning() {
		return this.tasks.stream().anyMatch(RepeatedTask::isRunning);
	}

	/**
	 * What was seen, and when.
	 *
	 * @param failure null when nothing is wrong
	 */
	private record Look(@Nullable String failure, long nanos) {

	}

}
