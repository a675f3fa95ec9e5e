package dev.echod.client.load;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import io.netty.channel.EventLoop;

/**
 * Wakes the connections of an event loop, each when its next message is due, with one
 * timer for all. Used on that event loop.
 */
final class Alarms {

	private final EventLoop eventLoop;

	private final PriorityQueue<Alarm> set = new PriorityQueue<>(Comparator.comparingLong((alarm) -> alarm.at));

	private final Runnable timer = this::ring;

	private long timerAt = LoadLoop.NEVER;

	Alarms(EventLoop eventLoop) {
		this.eventLoop = eventLoop;
	}

	/**
	 * Makes one.
	 * @param action is given the time
	 */
	Alarm newAlarm(LongConsumer action) {
		return new Alarm(action);
	}

	private void setTimer(long at) {
		if (at < this.timerAt) {
			this.timerAt = at;
			this.eventLoop.schedule(this.timer, Math.max(0, at - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
	}

	private void ring() {
		long now = System.nanoTime();
		if (now < this.timerAt) {
			// Set before an earlier one, which has woken all.
			return;
		}
		this.timerAt = LoadLoop.NEVER;
		Alarm next = this.set.peek();
		while (next != null && next.at <= now) {
			this.set.remove();
			next.isSet = false;
			next.action.accept(now);
			now = System.nanoTime();
			next = this.set.peek();
		}
		if (next != null) {
			setTimer(next.at);
		}
	}

	/**
	 * Wakes one connection.
	 */
	final class Alarm {

		private final LongConsumer action;

		private long at;

		private boolean isSet;

		private Alarm(LongConsumer action) {
			this.action = action;
		}

		/**
		 * Has it ring at a time, if it is not set to another.
		 */
		void set(long time) {
			if (!this.isSet) {
				this.isSet = true;
				this.at = time;
				Alarms.this.set.add(this);
				setTimer(time);
			}
		}

	}

}
