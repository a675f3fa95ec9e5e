package dev.echod.client.load;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.HdrHistogram.Histogram;

/**
 * What was measured, in a time or in all. Times are in nanoseconds. Used by one thread at
 * a time.
 */
final class Figures {

	/**
	 * What is longer counts as so long.
	 */
	private static final long LONGEST = TimeUnit.HOURS.toNanos(1);

	private static final int DIGITS = 3;

	/**
	 * The memory that they take.
	 */
	static final long BYTES = 4L * newHistogram().getEstimatedFootprintInBytes();

	/**
	 * From when a message was due to its reply.
	 */
	private final Histogram response = newHistogram();

	/**
	 * From when a message was sent to its reply.
	 */
	private final Histogram service = newHistogram();

	/**
	 * As much of each response as this client was late itself.
	 */
	private final Histogram lag = newHistogram();

	/**
	 * What is left of each response without that.
	 */
	private final Histogram prompt = newHistogram();

	private final Map<ConnectionEnd, Long> ends = new EnumMap<>(ConnectionEnd.class);

	private long messages;

	private long bytes;

	private long unanswered;

	private long unsent;

	private long reconnects;

	private long longestGap;

	private static Histogram newHistogram() {
		return new Histogram(LONGEST, DIGITS);
	}

	/**
	 * Replies came to messages that count, and were sent together.
	 * @param length of all of them, with their frames
	 */
	void answered(int count, long length, long serviceNanos) {
		this.messages += count;
		this.bytes += length;
		record(this.service, serviceNanos, count);
	}

	/**
	 * And to some that had been due.
	 * @param lagNanos as much of the response as this client was late
	 */
	void answered(int count, long length, long serviceNanos, long responseNanos, long lagNanos) {
		answered(count, length, serviceNanos);
		record(this.response, responseNanos, count);
		record(this.lag, lagNanos, count);
		record(this.prompt, responseNanos - lagNanos, count);
	}

	private static void record(Histogram histogram, long nanos, int count) {
		histogram.recordValueWithCount(Math.min(nanos, LONGEST), count);
	}

	void ended(ConnectionEnd end) {
		this.ends.merge(end, 1L, Long::sum);
	}

	void unanswered(long count) {
		this.unanswered += count;
	}

	void unsent(long count) {
		this.unsent += count;
	}

	/**
	 * A connection was made again, so long after it had ended.
	 */
	void reconnected(long gapNanos) {
		this.reconnects++;
		this.longestGap = Math.max(this.longestGap, gapNanos);
	}

	/**
	 * Adds others to these.
	 */
	void add(Figures others) {
		this.response.add(others.response);
		this.service.add(others.service);
		this.lag.add(others.lag);
		this.prompt.add(others.prompt);
		others.ends.forEach((end, count) -> this.ends.merge(end, count, Long::sum));
		this.messages += others.messages;
		this.bytes += others.bytes;
		this.unanswered += others.unanswered;
		this.unsent += others.unsent;
		this.reconnects += others.reconnects;
		this.longestGap = Math.max(this.longestGap, others.longestGap);
	}

	/**
	 * Begins again with none.
	 */
	void clear() {
		this.response.reset();
		this.service.reset();
		this.lag.reset();
		this.prompt.reset();
		this.ends.clear();
		this.messages = 0;
		this.bytes = 0;
		this.unanswered = 0;
		this.unsent = 0;
		this.reconnects = 0;
		this.longestGap = 0;
	}

	/**
	 * From when a message was due to its reply; in a closed loop it is due when it is
	 * sent.
	 */
	Histogram response() {
		return isScheduled() ? this.response : this.service;
	}

	/**
	 * Whether messages were due at their times.
	 */
	boolean isScheduled() {
		return this.response.getTotalCount() > 0;
	}

	Histogram service() {
		return this.service;
	}

	/**
	 * How late this client was itself: with sending a message, with looking at its reply,
	 * and with what had to be back before it could be sent.
	 */
	Histogram lag() {
		return this.lag;
	}

	/**
	 * What the responses were had this client not been late.
	 */
	Histogram prompt() {
		return isScheduled() ? this.prompt : this.service;
	}

	/**
	 * Replies to messages that count.
	 */
	long messages() {
		return this.messages;
	}

	/**
	 * Their bytes, with their frames.
	 */
	long bytes() {
		return this.bytes;
	}

	/**
	 * Messages that count, were sent, and had no reply when their connection ended.
	 */
	long unanswered() {
		return this.unanswered;
	}

	/**
	 * Messages that were to be sent and were not.
	 */
	long unsent() {
		return this.unsent;
	}

	long reconnects() {
		return this.reconnects;
	}

	/**
	 * The longest time between the end of a connection and its being made again.
	 */
	long longestGap() {
		return this.longestGap;
	}

	long ends(ConnectionEnd end) {
		return this.ends.getOrDefault(end, 0L);
	}

	/**
	 * Connections that ended, in whatever way.
	 */
	long ends() {
		return this.ends.values().stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * Connections that ended because the target failed.
	 */
	long failures() {
		return this.ends.entrySet()
			.stream()
			.filter((end) -> end.getKey().isFailure())
			.mapToLong(Map.Entry::getValue)
			.sum();
	}

}
