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
	 * Whether there was a connection at all.
	 */
	boolean isConnected() {
		return this.figures.ends(ConnectionEnd.NOT_CONNECTED) < this.plan.allConnections();
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

	private boolean isLate() {
		if (!this.plan.isOpenLoop() || this.figures.lag().getTotalCount() == 0) {
			return false;
		}
		double lag = this.figures.lag().getValueAtPercentile(99);
		double response = this.figures.response().getValueAtPercentile(99);
		return (lag > SLIGHT_LAG_NANOS && lag > SLIGHT_LAG_SHARE * response)
				|| (this.busy >= BUSY && rateShare() < HELD);
	}

	Verdict verdict() {
		if (errors() > 0) {
			return Verdict.TARGET_FAILED;
		}
		if (isLate()) {
			return Verdict.CLIENT_BOUND;
		}
		return (this.figures.unsent() > 0) ? Verdict.TARGET_FAILED : Verdict.VALID;
	}

}
