package dev.echod.connection;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How far a bulk close is.
 *
 * @param plan null: there was none
 * @param closed how many connections were told to close. Who was gone at its turn, or did
 * not match any more, is left alone
 * @param waiting how many have not had their turn
 * @param startedAt null: it was not started
 * @param elapsed how long it has run, or ran
 */
public record BulkCloseStatus(BulkCloseState state, @Nullable BulkClosePlan plan, int closed, int waiting,
		@Nullable Instant startedAt, Duration elapsed) {

	static BulkCloseStatus idle() {
		return new BulkCloseStatus(BulkCloseState.IDLE, null, 0, 0, null, Duration.ZERO);
	}

	static BulkCloseStatus planned(BulkClosePlan plan) {
		return new BulkCloseStatus(BulkCloseState.PLANNED, plan, 0, plan.matched(), null, Duration.ZERO);
	}

}
