package dev.echod.connection;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import static java.util.Objects.requireNonNull;

/**
 * Writes down what it is told to do, and lets a test move the time and take what was
 * sent. Used by one thread.
 */
class RecordingWire implements Wire {

	private final List<String> told = new ArrayList<>();

	private final Queue<Runnable> queued = new ArrayDeque<>();

	private @Nullable Consumer<Boolean> finished;

	private @Nullable Runnable scheduled;

	private long dueNanos;

	private long nanos;

	private boolean queueing;

	private int executed;

	long pendingBytes;

	long memoryBytes;

	long taken;

	boolean heldBack;

	@Nullable TcpFigures tcpFigures;

	/**
	 * What it was told since this was asked.
	 */
	List<String> told() {
		List<String> latest = List.copyOf(this.told);
		this.told.clear();
		return latest;
	}

	/**
	 * How many actions were to run in the connection's order.
	 */
	int executed() {
		return this.executed;
	}

	/**
	 * Answers {@link #finish}.
	 */
	void finished(boolean taken) {
		Consumer<Boolean> waiting = requireNonNull(this.finished);
		this.finished = null;
		waiting.accept(taken);
	}

	/**
	 * Moves the time, and runs what is due then.
	 */
	void pass(Duration time) {
		this.nanos += time.toNanos();
		Runnable action = this.scheduled;
		if (action != null && this.nanos - this.dueNanos >= 0) {
			this.scheduled = null;
			action.run();
		}
	}

	/**
	 * After how long something runs; null when nothing is to.
	 */
	@Nullable Duration dueIn() {
		return (this.scheduled != null) ? Duration.ofNanos(this.dueNanos - this.nanos) : null;
	}

	/**
	 * From now on actions wait for {@link #runQueued()}.
	 */
	void queue() {
		this.queueing = true;
	}

	void runQueued() {
		this.queueing = false;
		for (Runnable action = this.queued.poll(); action != null; action = this.queued.poll()) {
			action.run();
		}
	}

	@Override
	public void execute(Runnable action) {
		this.executed++;
		if (this.queueing) {
			this.queued.add(action);
		}
		else {
			action.run();
		}
	}

	@Override
	public void discardInput() {
		this.told.add("discard");
	}

	@Override
	public void pace(@Nullable ConnectionPace pace) {
		this.told.add((pace != null) ? "pace" : "no pace");
	}

	@Override
	public void finish(Consumer<Boolean> finished) {
		this.told.add("finish");
		this.finished = finished;
	}

	@Override
	public void sendFin() {
		this.told.add("fin");
	}

	@Override
	public void close() {
		this.told.add("close");
	}

	@Override
	public void reset() {
		this.told.add("reset");
	}

	@Override
	public void schedule(Runnable action, long delayNanos) {
		this.scheduled = action;
		this.dueNanos = this.nanos + delayNanos;
	}

	@Override
	public long nanoTime() {
		return this.nanos;
	}

	@Override
	public long pendingBytes() {
		return this.pendingBytes;
	}

	@Override
	public long memoryBytes() {
		return this.memoryBytes;
	}

	@Override
	public boolean isHeldBack() {
		return this.heldBack;
	}

	@Override
	public @Nullable TcpFigures tcpFigures() {
		return this.tcpFigures;
	}

	@Override
	public long taken() {
		return this.taken;
	}

}
