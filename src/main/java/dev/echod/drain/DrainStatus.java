package dev.echod.drain;

import org.jspecify.annotations.Nullable;

/**
 * Whether the service is being drained, and how the present or the last drain went.
 *
 * @param plan what it is given now: what was asked for, and what who joined or hurried it
 * left of that; null before the first drain
 * @param progress how far it came; null before the first drain
 * @param outcome how it ended; null before the first drain and while one runs
 */
public record DrainStatus(DrainState state, @Nullable DrainPlan plan, @Nullable DrainProgress progress,
		@Nullable DrainOutcome outcome) {

}
