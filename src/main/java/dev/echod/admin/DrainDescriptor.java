package dev.echod.admin;

import java.time.Duration;
import java.time.Instant;

import dev.echod.connection.Times;
import dev.echod.drain.DrainOutcome;
import dev.echod.drain.DrainPlan;
import dev.echod.drain.DrainProgress;
import dev.echod.drain.DrainState;
import dev.echod.drain.DrainStatus;
import org.jspecify.annotations.Nullable;

/**
 * The present or the last drain, as operators see it.
 *
 * @param progress null before the first drain
 * @param outcome null before the first drain and while one runs
 */
public record DrainDescriptor(DrainState state, @Nullable Plan plan, @Nullable Progress progress,
		@Nullable DrainOutcome outcome) {

	public static DrainDescriptor of(DrainStatus status) {
		DrainPlan plan = status.plan();
		DrainProgress progress = status.progress();
		return new DrainDescriptor(status.state(), (plan != null) ? Plan.of(plan) : null,
				(progress != null) ? Progress.of(progress) : null, status.outcome());
	}

	/**
	 * What was asked for, with what a shutdown or a second signal left of it.
	 *
	 * @param then null: nothing follows
	 */
	public record Plan(Duration announce, double announceSeconds, Duration quiet, double quietSeconds,
			Duration deadline, double deadlineSeconds, int closesPerSecond, @Nullable String then,
			@Nullable String reason) {

		static Plan of(DrainPlan plan) {
			return new Plan(plan.announce(), Times.seconds(plan.announce()), plan.quiet(), Times.seconds(plan.quiet()),
					plan.deadline(), Times.seconds(plan.deadline()), plan.closesPerSecond(),
					plan.shutdown() ? "shutdown" : null, plan.reason());
		}

	}

	/**
	 * How far it has come.
	 *
	 * @param timeLeft until what remains is reset
	 * @param initial connections when new ones were refused from; before, those open now
	 */
	public record Progress(Instant startedAt, Duration elapsed, double elapsedSeconds, Duration timeLeft,
			double timeLeftSeconds, long initial, long remaining, long closedByClient, long closedByUs, long reset,
			long cut) {

		static Progress of(DrainProgress progress) {
			return new Progress(progress.startedAt(), progress.elapsed(), Times.seconds(progress.elapsed()),
					progress.timeLeft(), Times.seconds(progress.timeLeft()), progress.initial(), progress.remaining(),
					progress.closedByClient(), progress.closedByUs(), progress.reset(), progress.cut());
		}

	}

}
