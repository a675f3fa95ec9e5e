package dev.echod.stats;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.echod.connection.RepeatedTask;
import dev.echod.drain.Drain;
import dev.echod.drain.DrainOutcome;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.SmartLifecycle;

/**
 * Makes the events of the stream: a sample each second, which is made once whoever looks,
 * and at the end of the service how it ended.
 */
class StatsStream implements SmartLifecycle {

	/**
	 * After the drain and the listeners, before the admin API.
	 */
	static final int PHASE = DEFAULT_PHASE - 2;

	private static final Duration PERIOD = Duration.ofSeconds(1);

	/**
	 * How long those are waited for that are to see the end.
	 */
	private static final long FAREWELL_MILLIS = 1_000;

	private final Supplier<Sample> sampler;

	private final History history;

	private final Viewers viewers;

	private final Supplier<End> end;

	private final JsonMapper mapper;

	private final RepeatedTask task = new RepeatedTask("stats", PERIOD, this::tick);

	/**
	 * Create a stream that has not begun.
	 * @param sampler asked by one thread, once a second
	 * @param end asked when the drain before the end is over
	 */
	StatsStream(Supplier<Sample> sampler, History history, Viewers viewers, Supplier<End> end, JsonMapper mapper) {
		this.sampler = sampler;
		this.history = history;
		this.viewers = viewers;
		this.end = end;
		this.mapper = mapper;
	}

	/**
	 * Called by one thread.
	 */
	void tick() {
		byte[] event;
		try {
			event = event(this.history.id(this.history.last() + 1), "sample", this.sampler.get());
		}
		catch (RuntimeException ex) {
			this.viewers.tell();
			this.viewers.beat();
			throw ex;
		}
		this.history.add(event);
		this.viewers.tell();
	}

	private byte[] event(String id, String name, Object data) {
		return "id: %s\nevent: %s\ndata: %s\n\n".formatted(id, name, this.mapper.writeValueAsString(data))
			.getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public void start() {
		this.task.start();
	}

	@Override
	public void stop(Runnable callback) {
		this.task.stop();
		this.viewers.end(event(this.history.id(this.history.last()), "end", this.end.get()))
			.orTimeout(FAREWELL_MILLIS, TimeUnit.MILLISECONDS)
			.whenComplete((nothing, late) -> {
				this.viewers.cutOff();
				callback.run();
			});
	}

	@Override
	public void stop() {
		stop(() -> {
		});
	}

	@Override
	public boolean isRunning() {
		return this.task.isRunning();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * How the service ended. A drain that was not over by then is told as one that was
	 * forced.
	 */
	record End(DrainOutcome outcome, int exitCode) {

		static End of(Drain drain) {
			int exitCode = drain.exitCode();
			return new End((exitCode == 0) ? DrainOutcome.CLEAN : DrainOutcome.FORCED, exitCode);
		}

	}

}
