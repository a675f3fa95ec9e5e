package dev.echod.client.load;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.echod.transport.NettyTcpConnection;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;

/**
 * One of the connections of a load, over all the times that it is made: what follows on
 * its end. Used on its event loop.
 */
final class LoadConnection implements Exchange.Owner {

	private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final LoadLoop loop;

	private final LoadPlan plan;

	private final int number;

	private final Assignment assignment;

	private final Alarms.Alarm alarm;

	/**
	 * Null while there is no connection.
	 */
	private @Nullable Exchange exchange;

	private boolean done;

	/**
	 * When our FIN was sent that all replies come after; {@link LoadLoop#NEVER} before.
	 */
	private long finAt = LoadLoop.NEVER;

	/**
	 * Since when there is no connection; {@link LoadLoop#NEVER} when there is, or never
	 * was.
	 */
	private long downSince = LoadLoop.NEVER;

	private int made;

	private long openedAt;

	/**
	 * Create a connection.
	 * @param number of it, from 0
	 */
	LoadConnection(LoadLoop loop, LoadPlan plan, int number) {
		this.loop = loop;
		this.plan = plan;
		this.number = number;
		this.assignment = new Assignment(loop, plan, number);
		this.alarm = loop.alarms().newAlarm(this::pump);
	}

	/**
	 * Makes it.
	 * @param attempted is told whether it is made or could not be
	 */
	void connect(Consumer<Boolean> attempted) {
		this.loop.connect(this.plan.link().source(this.number), this::opened).whenComplete((connection, failure) -> {
			attempted.accept(failure == null);
			if (failure == null) {
				ready(System.nanoTime());
			}
			else {
				this.loop.execute(() -> notConnected(failure, System.nanoTime()));
			}
		});
	}

	/**
	 * Does not make it: the load is over before, or there is nobody to connect to.
	 */
	void leaveOut() {
		this.assignment.end();
		done();
	}

	private void connectAgain() {
		if (this.assignment.isOver()) {
			done();
			return;
		}
		connect((made) -> {
		});
	}

	/**
	 * There is a connection, from which nothing was read yet.
	 */
	private void opened(TcpConnectionSupport connection) {
		Script script = this.loop.script();
		// Far from each other, and after a reconnect somewhere else.
		int first = (int) ((this.number * 7919L + this.made++ * 104_729L) % script.messages());
		NettyTcpConnection own = (NettyTcpConnection) connection;
		this.exchange = new Exchange(own, this.assignment, this.plan.depth(),
				new Requests(own, script, first, this.loop.outgoing()),
				new Replies(script, this.loop.comparison(), this.plan.verify(), first), this.loop.pulse(), this);
		this.openedAt = System.nanoTime();
		this.assignment.resume();
		connection.setMapper(this.loop.incoming());
		connection.registerListener(this.exchange);
		this.loop.tally().opened();
	}

	private void ready(long now) {
		if (this.downSince != LoadLoop.NEVER) {
			this.loop.tally().figures().reconnected(now - this.downSince);
			this.downSince = LoadLoop.NEVER;
		}
		if (this.assignment.isOver()) {
			// It was being made when the load ended.
			pumped(now);
		}
		else if (this.loop.span().isBegun() && !isIdle()) {
			begin(now);
		}
	}

	/**
	 * Begins to send, or goes on after a reconnect.
	 * @param from when its schedule begins, if it has not yet
	 */
	void begin(long from) {
		this.assignment.begin(from);
		pump(System.nanoTime());
	}

	private void pump(long now) {
		if (this.exchange != null) {
			this.exchange.pump(now);
		}
	}

	@Override
	public void pumped(long now) {
		Exchange current = this.exchange;
		if (current == null) {
			return;
		}
		if (this.assignment.isPausedOrOver()) {
			finish(current, now);
		}
		else if (this.assignment.isScheduled() && current.hasRoom()) {
			this.alarm.set(this.assignment.next());
		}
	}

	private void finish(Exchange current, long now) {
		if (this.plan.halfClose()) {
			if (current.isAllSent() && this.finAt == LoadLoop.NEVER) {
				this.finAt = now;
				current.endOutput();
			}
		}
		else if (current.isAllSent() && current.inFlight().count() == 0) {
			current.close();
			ended(ConnectionEnd.OURS, "", now);
		}
	}

	@Override
	public void ended(ConnectionEnd end, String what, long now) {
		Exchange ended = this.exchange;
		if (ended == null) {
			return;
		}
		this.exchange = null;
		this.loop.tally().closed();
		this.loop.tally().figures().unanswered(ended.inFlight().countDueFrom(this.loop.span().countFrom()));
		boolean asExpected = end == ConnectionEnd.DRAINED && this.finAt != LoadLoop.NEVER;
		ConnectionEnd counted = asExpected ? ConnectionEnd.OURS : end;
		count(counted, what);
		this.finAt = LoadLoop.NEVER;
		if (this.assignment.isOver() || (counted.isFailure() && !this.plan.reconnect())) {
			done();
		}
		else if (counted == ConnectionEnd.OURS) {
			connectAgain();
		}
		else {
			this.downSince = now;
			if (ended.hasReplies() || now - this.openedAt > RETRY_NANOS) {
				connectAgain();
			}
			else {
				// Who closes whatever comes is not to be flooded.
				this.loop.executeAfter(this::connectAgain, RETRY_NANOS);
			}
		}
	}

	private void notConnected(Throwable failure, long now) {
		if (this.downSince == LoadLoop.NEVER && this.plan.reconnect()) {
			this.downSince = now;
		}
		long until = this.plan.amount().isTimed() ? this.loop.span().endAt() : this.downSince + timeoutNanos();
		if (this.downSince != LoadLoop.NEVER && now < until) {
			this.loop.executeAfter(this::connectAgain, RETRY_NANOS);
		}
		else {
			count(ConnectionEnd.NOT_CONNECTED, LoadRun.describe(failure, this.plan));
			done();
		}
	}

	private void count(ConnectionEnd end, String what) {
		this.loop.tally().figures().ended(end);
		if (end.isFailure()) {
			this.loop.failed(this.number, end, what);
		}
	}

	/**
	 * Looks whether it waits for too long; called now and then.
	 */
	void look(long now) {
		Exchange current = this.exchange;
		if (current == null) {
			return;
		}
		if (current.inFlight().count() > 0 && now - current.inFlight().oldestWritten() > timeoutNanos()) {
			timedOut(current, "no reply", now);
		}
		else if (this.finAt != LoadLoop.NEVER && now - this.finAt > timeoutNanos()) {
			timedOut(current, "no FIN", now);
		}
		else if (this.assignment.isBegun()) {
			lookAtTime(now);
		}
	}

	private void lookAtTime(long now) {
		if (this.loop.span().isOver(now)) {
			if (now - this.loop.span().endAt() > timeoutNanos()) {
				this.assignment.giveUp();
			}
			else if (!this.assignment.isScheduled()) {
				this.assignment.end();
			}
			pumped(now);
		}
		else if (now - this.openedAt > lifetimeNanos()) {
			this.assignment.pause();
			pumped(now);
		}
	}

	/**
	 * Of the first that is made each lives another time, so that they do not all end at
	 * once.
	 */
	private long lifetimeNanos() {
		long nanos = this.plan.lifetime().isZero() ? LoadLoop.NEVER : this.plan.lifetime().toNanos();
		return (this.made > 1) ? nanos : nanos / this.plan.connections() * (this.number + 1);
	}

	private void timedOut(Exchange current, String missing, long now) {
		current.giveUp(ConnectionEnd.TIMED_OUT, "%s for %s".formatted(missing, LoadRun.text(this.plan.timeout())), now);
	}

	private void done() {
		if (!this.done) {
			this.done = true;
			this.assignment.giveUp();
			this.loop.done(this);
		}
	}

	/**
	 * Ends it, if it only stays; those that send end when they have sent all.
	 */
	void endIdle(long now) {
		this.assignment.end();
		pumped(now);
	}

	boolean isIdle() {
		return this.number >= this.plan.connections();
	}

	private long timeoutNanos() {
		return this.plan.timeout().toNanos();
	}

}
