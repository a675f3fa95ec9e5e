package dev.echod.client.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.echod.client.FailureText;
import dev.echod.client.ProbeRequest;
import dev.echod.transport.EventLoops;
import dev.echod.transport.NettyClientConnectionFactory;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * Runs a load: makes the connections, has them send, and adds up what they measure.
 */
final class LoadRun {

	private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final LoadPlan plan;

	private final Trial trial;

	private final Observer observer;

	private final Failures failures = new Failures();

	private final List<LoadLoop> loops = new ArrayList<>();

	private final List<Figures> spare = new ArrayList<>();

	private final Figures interval = new Figures();

	private final Figures total = new Figures();

	private final CountDownLatch stopped = new CountDownLatch(1);

	/**
	 * Whether the connections are made, and told to send.
	 */
	private volatile boolean measuring;

	private volatile long stoppedAt = LoadLoop.NEVER;

	/**
	 * Before there is one, the beginning.
	 */
	private long lastReply = System.nanoTime();

	private long cpuNanos;

	/**
	 * Create a run.
	 * @param trial whom it loads, and which of the runs it is
	 * @param observer is told once a second how it goes
	 */
	LoadRun(LoadPlan plan, Trial trial, Observer observer) {
		this.plan = plan;
		this.trial = trial;
		this.observer = observer;
	}

	/**
	 * Runs it, until all is done or it is stopped.
	 */
	LoadResult run() throws InterruptedException {
		try (EventLoops eventLoops = EventLoops.start(this.plan.transport(), this.plan.loops())) {
			NettyClientConnectionFactory connectionFactory = connectionFactory(eventLoops);
			List<EventLoop> executors = eventLoops.loops();
			for (EventLoop executor : executors) {
				this.loops.add(new LoadLoop(executor, connectionFactory, this.failures, this.plan, this.loops.size(),
						executors.size()));
				this.spare.add(new Figures());
			}
			connect();
			return measure();
		}
		finally {
			this.loops.forEach(LoadLoop::close);
		}
	}

	private NettyClientConnectionFactory connectionFactory(EventLoops eventLoops) {
		NettyClientConnectionFactory connectionFactory = new NettyClientConnectionFactory(
				this.trial.address().getAddress().getHostAddress(), this.trial.address().getPort(), eventLoops);
		connectionFactory.setConnectTimeout(this.plan.timeout());
		connectionFactory.setSoTcpNoDelay(this.trial.noDelay());
		connectionFactory.setProxyHeader(this.plan.link().proxyHeader());
		ProbeRequest.Tls tls = this.plan.link().tls();
		if (tls != null) {
			String name = (tls.serverName() != null) ? tls.serverName() : this.trial.target().host();
			connectionFactory.setTls(tls.tls(), name);
		}
		connectionFactory.setSingleUse(true);
		connectionFactory.setBeanFactory(new DefaultListableBeanFactory());
		connectionFactory.setApplicationEventPublisher((event) -> {
		});
		connectionFactory.afterPropertiesSet();
		connectionFactory.start();
		return connectionFactory;
	}

	private void connect() throws InterruptedException {
		Connecting connecting = new Connecting(this.plan.reconnect(), this.observer::connecting);
		connect(this.plan.connections(), this.plan.allConnections(), this.plan.connectIntervalNanos(true), connecting);
		if (this.plan.connections() > 0) {
			connect(0, this.plan.connections(), this.plan.connectIntervalNanos(false), connecting);
		}
		connecting.awaitAll();
	}

	private void connect(int from, int to, long interval, Connecting connecting) throws InterruptedException {
		long begin = System.nanoTime();
		for (int number = from; number < to; number++) {
			LoadLoop loop = this.loops.get(number % this.loops.size());
			long due = begin + (number - from) * interval;
			if (connecting.await(due, this.stopped) || !connecting.begin()) {
				loop.leaveOut(number / this.loops.size());
			}
			else {
				loop.connect(number / this.loops.size(), connecting::attempted);
			}
		}
	}

	private LoadResult measure() throws InterruptedException {
		long begin = System.nanoTime();
		long from = begin + this.plan.warmUp().toNanos();
		long end = this.plan.amount().isTimed() ? from + this.plan.amount().nanos() : Long.MAX_VALUE;
		this.loops.forEach((loop) -> loop.start(begin, from, end));
		this.measuring = true;
		if (this.stopped.getCount() == 0) {
			stop();
		}
		CompletableFuture<Void> allDone = CompletableFuture
			.allOf(this.loops.stream().map(LoadLoop::allDone).toArray(CompletableFuture<?>[]::new));
		for (long next = begin + INTERVAL_NANOS; !isDone(allDone, next); next += INTERVAL_NANOS) {
			sample(begin);
		}
		this.loops.stream().map(LoadLoop::endIdle).toList().forEach(CompletableFuture::join);
		sample(begin);
		long over = Math.min(end, Math.min(this.stoppedAt, System.nanoTime()));
		long last = this.plan.amount().isTimed() ? Math.max(this.lastReply, over) : this.lastReply;
		double busy = (double) this.cpuNanos / Math.max(1, System.nanoTime() - begin);
		return new LoadResult(this.plan, this.trial, this.total, Math.max(1, last - from) / 1e9, busy,
				this.failures.first());
	}

	private static boolean isDone(CompletableFuture<Void> allDone, long until) throws InterruptedException {
		try {
			allDone.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
	}

	/**
	 * Takes from each event loop what it measured since.
	 */
	private void sample(long begin) {
		this.interval.clear();
		int open = 0;
		for (int i = 0; i < this.loops.size(); i++) {
			Tally.Sample sample = this.loops.get(i).sample(this.spare.get(i)).join();
			this.interval.add(sample.figures());
			open += sample.open();
			this.lastReply = Math.max(this.lastReply, sample.lastReply());
			this.cpuNanos = Math.max(this.cpuNanos, sample.cpuNanos());
			sample.figures().clear();
			this.spare.set(i, sample.figures());
		}
		this.total.add(this.interval);
		this.observer.measured(new Interval(System.nanoTime() - begin, this.interval, open));
	}

	/**
	 * Has no more be sent than is due now; the run ends when all is answered. From any
	 * thread.
	 */
	void stop() {
		long now = System.nanoTime();
		this.stoppedAt = now;
		this.stopped.countDown();
		if (this.measuring) {
			this.loops.forEach((loop) -> loop.stop(now));
		}
	}

	/**
	 * Why there is no connection, in a few words.
	 */
	static String describe(Throwable failure, LoadPlan plan) {
		Throwable cause = Objects.requireNonNull(NestedExceptionUtils.getMostSpecificCause(failure));
		return (cause instanceof ConnectTimeoutException) ? "no connection for " + text(plan.timeout())
				: FailureText.of(cause);
	}

	static String text(Duration time) {
		return (time.toMillis() % 1000 == 0) ? time.toSeconds() + " s" : time.toMillis() + " ms";
	}

	/**
	 * Learns how a run goes, on the thread that runs it.
	 */
	@FunctionalInterface
	interface Observer {

		/**
		 * So many connections are made, of those that are to be; for who wants to know.
		 */
		default void connecting(int made) {
		}

		/**
		 * That was measured since the last time.
		 */
		void measured(Interval interval);

	}

	/**
	 * What was measured since the last one.
	 *
	 * @param nanos since the connections were made
	 * @param figures which are used again for the next
	 * @param open connections there are
	 */
	record Interval(long nanos, Figures figures, int open) {

	}

}
