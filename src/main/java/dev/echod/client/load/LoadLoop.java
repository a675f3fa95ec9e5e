package dev.echod.client.load;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.echod.transport.NettyClientConnectionFactory;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;

/**
 * The part of a load that one event loop drives: its connections, their alarms, and what
 * they measured. Used on it, but where it says otherwise.
 */
final class LoadLoop {

	/**
	 * When what does not happen does.
	 */
	static final long NEVER = Long.MAX_VALUE;

	private static final long LOOK_MILLIS = 50;

	private final EventLoop eventLoop;

	private final NettyClientConnectionFactory connectionFactory;

	private final Script script;

	private final Comparison comparison;

	private final Failures failures;

	private final List<LoadConnection> connections = new ArrayList<>();

	private final Alarms alarms;

	private final CompletableFuture<Void> allDone = new CompletableFuture<>();

	private final CompletableFuture<Void> idleDone = new CompletableFuture<>();

	private Figures figures = new Figures();

	private boolean started;

	private long countFrom = NEVER;

	private long endAt = NEVER;

	/**
	 * Whether the end is awaited, as no connection sends.
	 */
	private final boolean waits;

	private int left;

	private int idleLeft;

	private int open;

	private long lastReply = Long.MIN_VALUE;

	private long cpuFrom;

	private long cpuNanos;

	/**
	 * Create the part of an event loop.
	 * @param plan what all parts together are to do
	 * @param first the number of its first connection
	 * @param step from there to the next
	 */
	LoadLoop(EventLoop eventLoop, NettyClientConnectionFactory connectionFactory, Failures failures, LoadPlan plan,
			int first, int step) {
		this.eventLoop = eventLoop;
		this.connectionFactory = connectionFactory;
		this.script = Script.of(plan.messages(), plan.seed());
		this.comparison = new Comparison(this.script);
		this.failures = failures;
		this.alarms = new Alarms(eventLoop);
		for (int number = first; number < plan.allConnections(); number += step) {
			this.connections.add(new LoadConnection(this, plan, number));
		}
		this.idleLeft = (int) this.connections.stream().filter(LoadConnection::isIdle).count();
		this.left = this.connections.size() - this.idleLeft;
		this.waits = plan.connections() == 0;
		// Each that is made sends at once.
		this.started = !plan.rampUp().isZero();
		eventLoop.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
	}

	/**
	 * Makes one of its connections; from any thread.
	 * @param attempted is told when it is made or could not be
	 */
	void connect(int index, Runnable attempted) {
		execute(() -> this.connections.get(index).connect(attempted));
	}

	/**
	 * Does not make one of its connections; from any thread.
	 */
	void leaveOut(int index) {
		execute(() -> this.connections.get(index).leaveOut());
	}

	/**
	 * Has all send; from any thread.
	 * @param from when counting begins
	 * @param end when no more message is due
	 */
	void start(long begin, long from, long end) {
		execute(() -> {
			// What was sent to warm up is counted neither before its reply nor after.
			this.countFrom = this.started ? Math.max(from, System.nanoTime()) : from;
			this.endAt = Math.min(end, this.endAt);
			this.cpuFrom = cpuTime();
			if (!this.started) {
				this.started = true;
				this.connections.stream()
					.filter((connection) -> !connection.isIdle())
					.forEach((connection) -> connection.begin(begin));
			}
		});
	}

	/**
	 * Has none send what is due later; from any thread.
	 */
	void stop(long now) {
		execute(() -> {
			this.endAt = Math.min(now, this.endAt);
			this.started = true;
			look();
		});
	}

	private void look() {
		long now = System.nanoTime();
		this.connections.forEach((connection) -> connection.look(now));
		if (this.left == 0 && (!this.waits || now >= this.endAt)) {
			this.allDone.complete(null);
		}
	}

	CompletableFuture<TcpConnectionSupport> connect(@Nullable InetAddress source,
			Consumer<TcpConnectionSupport> ready) {
		return this.connectionFactory.connect(this.eventLoop, source, ready);
	}

	void opened() {
		this.open++;
	}

	void closed() {
		this.open--;
	}

	void failed(int number, ConnectionEnd end, String what) {
		this.failures.add(new Failures.Failure(number + 1, end, what));
	}

	void replied(long now) {
		this.lastReply = now;
	}

	/**
	 * A connection has done all.
	 */
	void done(LoadConnection connection) {
		if (connection.isIdle()) {
			this.idleLeft--;
			if (this.idleLeft == 0) {
				this.idleDone.complete(null);
			}
			return;
		}
		this.left--;
		if (this.left == 0) {
			this.cpuNanos = cpuTime() - this.cpuFrom;
			this.allDone.complete(null);
		}
	}

	/**
	 * Ends the connections that only stay; from any thread.
	 * @return completes when all have
	 */
	CompletableFuture<Void> endIdle() {
		execute(() -> {
			if (this.idleLeft == 0) {
				this.idleDone.complete(null);
			}
			this.connections.stream()
				.filter(LoadConnection::isIdle)
				.forEach((connection) -> connection.endIdle(System.nanoTime()));
		});
		return this.idleDone;
	}

	private static long cpuTime() {
		return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
	}

	/**
	 * Completes when all its connections that send have done all, and where none does at
	 * the end of the time; from any thread.
	 */
	CompletableFuture<Void> allDone() {
		return this.allDone;
	}

	/**
	 * Takes what was measured since the last time; from any thread.
	 * @param next what is measured from now on goes there
	 */
	CompletableFuture<Sample> sample(Figures next) {
		return CompletableFuture.supplyAsync(() -> {
			Figures taken = this.figures;
			this.figures = next;
			return new Sample(taken, this.open, this.lastReply, this.cpuNanos);
		}, this.eventLoop);
	}

	/**
	 * Lets go of its memory, when the event loop has ended.
	 */
	void close() {
		this.script.close();
	}

	Figures figures() {
		return this.figures;
	}

	Alarms alarms() {
		return this.alarms;
	}

	Script script() {
		return this.script;
	}

	Comparison comparison() {
		return this.comparison;
	}

	boolean isStarted() {
		return this.started;
	}

	/**
	 * What is due from then on counts.
	 */
	long countFrom() {
		return this.countFrom;
	}

	/**
	 * What is due from then on is not sent.
	 */
	long endAt() {
		return this.endAt;
	}

	/**
	 * Runs an action on it; from any thread.
	 */
	void execute(Runnable action) {
		if (this.eventLoop.inEventLoop()) {
			action.run();
		}
		else {
			this.eventLoop.execute(action);
		}
	}

	void executeAfter(Runnable action, long nanos) {
		this.eventLoop.schedule(action, nanos, TimeUnit.NANOSECONDS);
	}

	/**
	 * What an event loop measured in a time.
	 *
	 * @param open connections there are
	 * @param lastReply when the last reply came
	 * @param cpuNanos processor time that it took in all, when it is done
	 */
	record Sample(Figures figures, int open, long lastReply, long cpuNanos) {

	}

}
