package dev.echod.client.load;

import dev.echod.client.load.LoadPlan.Amount;
import org.jspecify.annotations.Nullable;

/**
 * What one of the connections of a load has to send, and when: its part of the whole,
 * over all the times that the connection is made. One that never begins has nothing to
 * send, and stays until it is told to end. Used on its event loop.
 */
final class Assignment {

	/**
	 * What is taken when no message is to be sent now.
	 */
	static final long NONE = Long.MIN_VALUE;

	private final LoadLoop loop;

	/**
	 * Null in a closed loop.
	 */
	private final @Nullable Schedule schedule;

	private long messagesLeft;

	private long bytesLeft;

	private boolean begun;

	private boolean paused;

	/**
	 * Whether no more is sent.
	 */
	private boolean over;

	/**
	 * Create the assignment of a connection.
	 * @param number of the connection, from 0
	 */
	Assignment(LoadLoop loop, LoadPlan plan, int number) {
		this.loop = loop;
		this.schedule = (plan.isOpenLoop() && number < plan.connections())
				? new Schedule(number, plan.connections(), plan.rate(), plan.arrival(), plan.seed()) : null;
		this.messagesLeft = part(plan, plan.amount().messages(), number);
		this.bytesLeft = part(plan, plan.amount().bytes(), number);
	}

	private static long part(LoadPlan plan, long all, int number) {
		return (all != Amount.UNLIMITED) ? plan.partOf(all, number) : all;
	}

	/**
	 * Begins, if it has not.
	 * @param from when its schedule begins
	 */
	void begin(long from) {
		if (this.schedule != null && !this.begun) {
			this.schedule.begin(from);
		}
		this.begun = true;
	}

	boolean isBegun() {
		return this.begun;
	}

	/**
	 * Sends no more until the connection is made again.
	 */
	void pause() {
		this.paused = true;
	}

	void resume() {
		this.paused = false;
	}

	/**
	 * Whether nothing more is to be sent on the connection that there is.
	 */
	boolean isPausedOrOver() {
		return this.paused || isOver();
	}

	/**
	 * Takes the next message, if it is to be sent now.
	 * @param length of it with its frame
	 * @return when it was due; {@link #NONE} if there is none
	 */
	long take(int length, long now) {
		Span span = this.loop.span();
		if (this.schedule != null && span.counts(now)) {
			// What was not sent to warm up in time is not waited for.
			this.schedule.skipTo(span.countFrom());
		}
		long due = (this.schedule != null) ? this.schedule.next() : now;
		if (this.over || this.paused || due > now) {
			return NONE;
		}
		if (span.isOver(due) || this.messagesLeft <= 0 || this.bytesLeft <= 0) {
			this.over = true;
			return NONE;
		}
		if (span.counts(due)) {
			this.messagesLeft--;
			this.bytesLeft -= length;
		}
		if (this.schedule != null) {
			this.schedule.advance();
		}
		return due;
	}

	/**
	 * The replies to some messages have come, which were sent together.
	 * @param length of all of them, with their frames
	 * @param lag as much of the time since they were due as this client was late
	 */
	void answered(int count, long length, long due, long written, long lag, long now) {
		if (this.loop.span().counts(due)) {
			Tally tally = this.loop.tally();
			if (this.schedule != null) {
				tally.figures().answered(count, length, now - written, now - due, lag);
			}
			else {
				tally.figures().answered(count, length, now - written);
			}
			tally.replied(now);
		}
	}

	/**
	 * Whether messages are due at their times, whatever comes back.
	 */
	boolean isScheduled() {
		return this.schedule != null;
	}

	/**
	 * When the next message is due; {@link #NONE} in a closed loop, where it is so at
	 * once.
	 */
	long next() {
		return (this.schedule != null) ? this.schedule.next() : NONE;
	}

	/**
	 * Whether no more is sent.
	 */
	boolean isOver() {
		return this.over || (this.schedule != null && this.begun && this.loop.span().isOver(this.schedule.next()));
	}

	/**
	 * Sends no more: it has done what it was to do.
	 */
	void end() {
		this.over = true;
	}

	/**
	 * Sends no more, and counts what is left as not sent.
	 */
	void giveUp() {
		if (isOver()) {
			return;
		}
		this.over = true;
		this.loop.tally().figures().unsent(left());
	}

	private long left() {
		if (this.messagesLeft < Amount.UNLIMITED / 2) {
			return this.messagesLeft;
		}
		if (this.bytesLeft < Amount.UNLIMITED / 2) {
			Script script = this.loop.script();
			// In floating point: a product of both may be more than a long holds.
			return (long) (Math.max(0, this.bytesLeft) * ((double) script.messages() / script.length()));
		}
		Span span = this.loop.span();
		if (this.schedule == null || !this.begun || span.endAt() == LoadLoop.NEVER) {
			return 0;
		}
		return this.schedule.countBetween(span.countFrom(), span.endAt());
	}

}
