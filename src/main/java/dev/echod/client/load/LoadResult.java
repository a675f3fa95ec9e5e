package dev.echod.client.load;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a load measured.
 *
 * @param trial which of the runs it was
 * @param figures all that was measured
 * @param seconds from when counting began to the last reply, and at least as long as was
 * asked for
 * @param busy the share of that time in which the busiest event loop ran on a processor
 * @param failures the first of them
 */
record LoadResult(LoadPlan plan, Trial trial, Figures figures, double seconds, double busy,
		List<Failures.Failure> failures) {

	/**
	 * So late may the client be without a word.
	 */
	private static final long SLIGHT_LAG_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	/**
	 * Being so late is of no weight in what is measured.
	 */
	private static final double SLIGHT_LAG_SHARE = 0.1;

	/**
	 * From here on an event loop has no time left.
	 */
	private static final double BUSY = 0.9;

	/**
	 * And from here on it is what a closed loop waits for.
	 */
	private static final double FULL = 0.97;

	/**
	 * A rate that was held, but for what is random.
	 */
	private static final double HELD = 0.95;

	/**
	 * Whether there was a connection at all, or none was tried.
	 */
	boolean isConnected() {
		long failed = this.figures.ends(ConnectionEnd.NOT_CONNECTED);
		return failed == 0 || this.figures.ends() > failed;
	}

	/**
	 * Replies a second.
	 */
	double rate() {
		return this.figures.messages() / this.seconds;
	}

	/**
	 * The share of the rate that was asked for; 1 in a closed loop.
	 */
	double rateShare() {
		return this.plan.isOpenLoop() ? rate() / this.plan.rate() : 1;
	}

	/**
	 * Bytes that came back in a second, with their frames.
	 */
	double bytesPerSecond() {
		return this.figures.bytes() / this.seconds;
	}

	/**
	 * What the target did wrong: connections that failed, and messages without a reply.
	 */
	long errors() {
		return this.figures.failures() + this.figures.unanswered();
	}

	/**
	 * Whether more event loops may have had more come back: in a closed loop client and
	 * target wait for each other, which is worth a word only where the client could do
	 * something about it.
	 */
	boolean isHeldBack() {
		return !this.plan.isOpenLoop() && this.busy >= FULL
				&& this.plan.loops() < Math.min(this.plan.connections(), Runtime.getRuntime().availableProcessors());
	}

	/**
	 * The times that are what they are because this client was late itself.
	 */
	List<Figure> late() {
		return Figure.times()
			.filter((time) -> isLate(time.of(this.figures.response()), time.of(this.figures.prompt())))
			.toList();
	}

	private static boolean isLate(double response, double prompt) {
		double lag = response - prompt;
		return lag > SLIGHT_LAG_NANOS && lag > SLIGHT_LAG_SHARE * response;
	}

	/**
	 * A few in a thousand that were late are told of, and no more.
	 */
	private boolean isClientBound() {
		boolean full = this.plan.isOpenLoop() && this.busy >= BUSY && rateShare() < HELD;
		return full || late().stream().anyMatch((time) -> time.compareTo(Figure.P99) <= 0);
	}

	Verdict verdict() {
		if (errors() > 0) {
			return Verdict.TARGET_FAILED;
		}
		if (isClientBound()) {
			return Verdict.CLIENT_BOUND;
		}
		return (this.figures.unsent() > 0) ? Verdict.TARGET_FAILED : Verdict.VALID;
	}

}
