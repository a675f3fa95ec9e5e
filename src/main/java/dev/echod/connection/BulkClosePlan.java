package dev.echod.connection;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a bulk close does.
 *
 * @param matched how many connections the filter chose
 * @param closesPerSecond how many are closed in a second; 0 is all at once
 * @param note what the operator says of it; null when nothing
 */
public record BulkClosePlan(ConnectionFilter filter, CloseMode mode, int matched, int closesPerSecond,
		@Nullable String note) {

	/**
	 * Connections that are closed in order in a second, where more match and nobody says
	 * otherwise: their clients come back, and not all at once.
	 */
	public static final int USUAL_PACE = 100;

	static BulkClosePlan of(BulkCloseRequest request, int matched) {
		boolean atOnce = request.mode() == CloseMode.RESET || matched <= USUAL_PACE;
		Integer asked = request.closesPerSecond();
		return new BulkClosePlan(request.filter(), request.mode(), matched,
				(asked != null) ? asked : atOnce ? 0 : USUAL_PACE, request.note());
	}

	boolean isPaced() {
		return this.closesPerSecond > 0;
	}

	/**
	 * How long it takes.
	 */
	public Duration takes() {
		return isPaced() ? Duration.ofMillis(Math.ceilDiv(this.matched * 1_000L, this.closesPerSecond)) : Duration.ZERO;
	}

}
