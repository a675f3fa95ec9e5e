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
	 * @param readySince since when the connection could have sent it
	 * @return when it was due; {@link #NONE} if there is none
	 */
	long take(int length, long readySince, long now) {
		long countFrom = this.loop.countFrom();
		if (this.schedule != null && now >= countFrom) {
			// What was not sent to warm up in time is not waited for.
			this.schedule.skipTo(countFrom);
		}
		long due = (this.schedule != null) ? this.schedule.next() : now;
		if (this.over || this.paused || due > now) {
			return NONE;
		}
		if (due >= this.loop.endAt() || this.messagesLeft <= 0 || this.bytesLeft <= 0) {
			this.over = true;
			return NONE;
		}
		boolean counts = due >= countFrom;
		if (counts) {
			this.messagesLeft--;
			this.bytesLeft -= length;
		}
		if (this.schedule != null) {
			this.schedule.advance();
			if (counts) {
				this.loop.figures().late(now - Math.max(due, readySince));
			}
		}
		return due;
	}

	/**
	 * The reply to a message has come.
	 */
	void answered(int length, long due, long written, long now) {
		if (due >= this.loop.countFrom()) {
			if (this.schedule != null) {
				this.loop.figures().answered(length, now - written, now - due);
			}
			else {
				this.loop.figures().answered(length, now - written);
			}
			this.loop.replied(now);
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
		return this.over || (this.schedule != null && this.begun && this.schedule.next() >= this.loop.endAt());
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
		this.loop.figures().unsent(left());
	}

	private long left() {
		if (this.messagesLeft < Amount.UNLIMITED / 2) {
			return this.messagesLeft;
		}
		if (this.bytesLeft < Amount.UNLIMITED / 2) {
			return Math.max(0, this.bytesLeft) * this.loop.script().messages() / this.loop.script().length();
		}
		long left = 0;
		if (this.schedule != null && this.begun && this.loop.endAt() != LoadLoop.NEVER) {
			for (; this.schedule.next() < this.loop.endAt(); this.schedule.advance()) {
				left += (this.schedule.next() >= this.loop.countFrom()) ? 1 : 0;
			}
		}
		return left;
	}

}
