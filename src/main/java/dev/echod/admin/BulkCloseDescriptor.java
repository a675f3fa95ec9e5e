package dev.echod.admin;

import java.time.Duration;
import java.time.Instant;

import dev.echod.connection.BulkClosePlan;
import dev.echod.connection.BulkCloseState;
import dev.echod.connection.BulkCloseStatus;
import dev.echod.connection.Times;
import org.jspecify.annotations.Nullable;

/**
 * A bulk close, as operators see it.
 *
 * @param matched connections that the filter chose
 * @param closed those told to close so far
 * @param waiting those that have not had their turn
 * @param filter null, as the rest: there was no paced close yet
 * @param closesPerSecond 0: all at once
 * @param takes how long it takes from its start to its end
 */
record BulkCloseDescriptor(BulkCloseState state, int matched, int closed, int waiting, @Nullable String filter,
		@Nullable String mode, int closesPerSecond, Duration takes, double takesSeconds, @Nullable String reason,
		@Nullable Instant startedAt, Duration elapsed, double elapsedSeconds) {

	static BulkCloseDescriptor of(BulkCloseStatus status) {
		BulkClosePlan plan = status.plan();
		if (plan == null) {
			return new BulkCloseDescriptor(status.state(), 0, 0, 0, null, null, 0, Duration.ZERO, 0, null, null,
					Duration.ZERO, 0);
		}
		return new BulkCloseDescriptor(status.state(), plan.matched(), status.closed(), status.waiting(),
				plan.filter().toString(), plan.mode().toString(), plan.closesPerSecond(), plan.takes(),
				Times.seconds(plan.takes()), plan.note(), status.startedAt(), status.elapsed(),
				Times.seconds(status.elapsed()));
	}

}
