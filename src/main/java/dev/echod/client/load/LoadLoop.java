package dev.echod.client.load;

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

	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private final EventLoop eventLoop;

	private final NettyClientConnectionFactory connectionFactory;

	private final Script script;

	private final Comparison comparison;

	private final Failures failures;

	private final List<LoadConnection> connections = new ArrayList<>();

	/**
	 * Those that may wait for something: the others only stay, until they are told to
	 * end.
	 */
	private List<LoadConnection> watched;

	private final Alarms alarms;

	private final Pulse pulse = new Pulse();

	private final Span span = new Span();

	private final Tally tally = new Tally();

	private final CarriedMessage outgoing = new CarriedMessage();

	private final CarriedMessage.Mapper incoming = new CarriedMessage.Mapper();

	private final CompletableFuture<Void> allDone = new CompletableFuture<>();

	private final CompletableFuture<Void> idleDone = new CompletableFuture<>();

	/**
	 * Whether the end is awaited, as no connection sends.
	 */
	private final boolean waits;

	private int left;

	private int idleLeft;

	/**
	 * When it looks next, at the latest.
	 */
	private long lookBy = NEVER;

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
		this.watched = this.connections.stream().filter((connection) -> !connection.isIdle()).toList();
		this.left = this.watched.size();
		this.idleLeft = this.connections.size() - this.left;
		this.waits = plan.connections() == 0;
		if (!plan.rampUp().isZero()) {
			this.span.begin();
		}
		if (plan.isOpenLoop()) {
			execute(() -> this.pulse.begin(eventLoop));
		}
		eventLoop.scheduleWithFixedDelay(() -> lookInTime(System.nanoTime()), LOOK_NANOS, LOOK_NANOS,
				TimeUnit.NANOSECONDS);
	}

	/**
	 * Makes one of its connections; from any thread.
	 * @param attempted is told whether it is made or could not be
	 */
	void connect(int index, Consumer<Boolean> attempted) {
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
			boolean first = !this.span.isBegun();
			this.span.set(from, end, System.nanoTime());
			this.tally.begin();
			if (first) {
				this.watched.forEach((connection) -> connection.begin(begin));
			}
		});
	}

	/**
	 * Has none send what is due later; from any thread.
	 */
	void stop(long now) {
		execute(() -> {
			this.span.begin();
			this.span.end(now);
			look(System.nanoTime());
		});
	}

	/**
	 * Looks now and then. Who has stood still gives what came meanwhile the time to be
	 * read, lest it be called missing.
	 */
	private void lookInTime(long now) {
		boolean late = now > this.lookBy;
		this.lookBy = late ? NEVER : now + 2 * LOOK_NANOS;
		if (!late) {
			look(now);
		}
	}

	private void look(long now) {
		this.watched.forEach((connection) -> connection.look(now));
		if (this.left == 0 && (!this.waits || this.span.isOver(now))) {
			this.allDone.complete(null);
		}
	}

	CompletableFuture<TcpConnectionSupport> connect(@Nullable InetAddress source,
			Consumer<TcpConnectionSupport> ready) {
		return this.connectionFactory.connect(this.eventLoop, source, ready);
	}

	void failed(int number, ConnectionEnd end, String what) {
		this.failures.add(new Failures.Failure(number + 1, end, what));
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
			this.tally.end();
			this.allDone.complete(null);
		}
	}

	/**
	 * Ends the connections that only stay; from any thread.
	 * @return completes when all have
	 */
	CompletableFuture<Void> endIdle() {
		execute(() -> {
			this.watched = this.connections;
			if (this.idleLeft == 0) {
				this.idleDone.complete(null);
			}
			this.connections.stream()
				.filter(LoadConnection::isIdle)
				.forEach((connection) -> connection.endIdle(System.nanoTime()));
		});
		return this.idleDone;
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
	CompletableFuture<Tally.Sample> sample(Figures next) {
		return CompletableFuture.supplyAsync(() -> this.tally.take(next), this.eventLoop);
	}

	/**
	 * Lets go of its memory, when the event loop has ended.
	 */
	void close() {
		this.script.close();
	}

	CarriedMessage outgoing() {
		return this.outgoing;
	}

	CarriedMessage.Mapper incoming() {
		return this.incoming;
	}

	Tally tally() {
		return this.tally;
	}

	Span span() {
		return this.span;
	}

	Pulse pulse() {
		return this.pulse;
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

}
