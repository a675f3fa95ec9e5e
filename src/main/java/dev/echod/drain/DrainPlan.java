package dev.echod.drain;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What one drain is given.
 *
 * @param announce how long connections are still accepted
 * @param quiet how long a connection is silent before it may be closed
 * @param deadline when what is left is reset, from the end of the announcement
 * @param closesPerSecond closes in a second at most; 0 is no limit
 * @param shutdown whether the service is shut down afterwards
 * @param reason why, as whoever asked said; null when they did not
 */
public record DrainPlan(Duration announce, Duration quiet, Duration deadline, int closesPerSecond, boolean shutdown,
		@Nullable String reason) {

	/**
	 * The drain before a shutdown.
	 */
	static DrainPlan shutdown(DrainProperties properties) {
		return new DrainPlan(properties.announce(), properties.quiet(), properties.deadline(),
				properties.closesPerSecond(), true, null);
	}

	/**
	 * This one with other times.
	 */
	DrainPlan within(Duration announce, Duration deadline) {
		return new DrainPlan(announce, this.quiet, deadline, this.closesPerSecond, this.shutdown, this.reason);
	}

	/**
	 * This one with no more than another's quiet, the pace given, and the shutdown that
	 * one of them leads to.
	 */
	DrainPlan joinedBy(DrainPlan other, int closesPerSecond) {
		return new DrainPlan(this.announce, shorter(this.quiet, other.quiet), this.deadline, closesPerSecond,
				this.shutdown || other.shutdown, this.reason);
	}

	static Duration shorter(Duration time, Duration other) {
		return (other.compareTo(time) < 0) ? other : time;
	}

}
