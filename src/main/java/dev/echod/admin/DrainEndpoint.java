package dev.echod.admin;

import java.time.Duration;
import java.time.Instant;

import dev.echod.connection.ClosePace;
import dev.echod.connection.Times;
import dev.echod.drain.Drain;
import dev.echod.drain.DrainOutcome;
import dev.echod.drain.DrainPlan;
import dev.echod.drain.DrainProgress;
import dev.echod.drain.DrainProperties;
import dev.echod.drain.DrainRefusedException;
import dev.echod.drain.DrainState;
import dev.echod.drain.DrainStatus;
import dev.echod.listener.ListenerBindException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The drain: shows how far it is, starts one, cancels it.
 */
@WebEndpoint(id = "drain")
class DrainEndpoint {

	private static final int ACCEPTED = 202;

	private final Drain drain;

	private final ChangeAudit audit;

	DrainEndpoint(Drain drain, ChangeAudit audit) {
		this.drain = drain;
		this.audit = audit;
	}

	@ReadOperation
	Descriptor show() {
		return Descriptor.of(this.drain.status());
	}

	@WriteOperation
	WebEndpointResponse<Descriptor> start(SecurityContext caller, @Nullable Duration announce, @Nullable Duration quiet,
			@Nullable Duration deadline, @Nullable Integer closesPerSecond, @Nullable Then then,
			@Nullable String reason) {
		DrainProperties defaults = this.drain.properties();
		DrainPlan plan = new DrainPlan(
				time("announce", announce, defaults.announce()), time("quiet", quiet, defaults.quiet()),
				time("deadline", deadline, defaults.deadline()), Failures.within("closesPerSecond", 0,
						ClosePace.MAX_PER_SECOND, closesPerSecond, defaults.closesPerSecond()),
				then == Then.SHUTDOWN, reason);
		try {
			DrainStatus started = this.drain.start(plan);
			this.audit.changed(caller, "DRAIN_STARTED", describe(plan), reason);
			return new WebEndpointResponse<>(Descriptor.of(started), ACCEPTED);
		}
		catch (DrainRefusedException ex) {
			throw Failures.conflict(ex);
		}
	}

	@DeleteOperation
	Descriptor cancel(SecurityContext caller, @Nullable String reason) {
		try {
			DrainStatus cancelled = this.drain.cancel();
			this.audit.changed(caller, change(cancelled), "drain", reason);
			return Descriptor.of(cancelled);
		}
		catch (ListenerBindException | IllegalStateException ex) {
			this.audit.changed(caller, change(this.drain.status()), "drain, but " + ex.getMessage(), reason);
			throw Failures.conflict(ex);
		}
		catch (DrainRefusedException ex) {
			throw Failures.conflict(ex);
		}
	}

	/**
	 * What became of the drain, not what it looked like before: it may have ended on its
	 * own meanwhile.
	 */
	private static String change(DrainStatus status) {
		return (status.outcome() == DrainOutcome.CANCELLED) ? "DRAIN_CANCELLED" : "DRAIN_TAKEN_BACK";
	}

	private static Duration time(String name, @Nullable Duration given, Duration defaultTime) {
		if (given != null && given.compareTo(DrainProperties.MAX_TIME) > 0) {
			throw Failures.badRequest("'%s' takes up to one day, not '%s'".formatted(name, given));
		}
		return (given != null) ? given : defaultTime;
	}

	private static String describe(DrainPlan plan) {
		return "announce %s, quiet %s, deadline %s, %d closes a second%s".formatted(plan.announce(), plan.quiet(),
				plan.deadline(), plan.closesPerSecond(), plan.shutdown() ? ", then shutdown" : "");
	}

	/**
	 * What follows a drain.
	 */
	enum Then {

		/**
		 * The service is shut down.
		 */
		SHUTDOWN

	}

	/**
	 * The present or the last drain.
	 *
	 * @param progress null before the first drain
	 * @param outcome null before the first drain and while one runs
	 */
	record Descriptor(DrainState state, @Nullable Plan plan, @Nullable Progress progress,
			@Nullable DrainOutcome outcome) {

		static Descriptor of(DrainStatus status) {
			DrainPlan plan = status.plan();
			DrainProgress progress = status.progress();
			return new Descriptor(status.state(), (plan != null) ? Plan.of(plan) : null,
					(progress != null) ? Progress.of(progress) : null, status.outcome());
		}

	}

	/**
	 * What was asked for, with what a shutdown or a second signal left of it.
	 *
	 * @param then null: nothing follows
	 */
	record Plan(Duration announce, double announceSeconds, Duration quiet, double quietSeconds, Duration deadline,
			double deadlineSeconds, int closesPerSecond, @Nullable String then, @Nullable String reason) {

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
	record Progress(Instant startedAt, Duration elapsed, double elapsedSeconds, Duration timeLeft,
			double timeLeftSeconds, long initial, long remaining, long closedByClient, long closedByUs, long reset,
			long cut) {

		static Progress of(DrainProgress progress) {
			return new Progress(progress.startedAt(), progress.elapsed(), Times.seconds(progress.elapsed()),
					progress.timeLeft(), Times.seconds(progress.timeLeft()), progress.initial(), progress.remaining(),
					progress.closedByClient(), progress.closedByUs(), progress.reset(), progress.cut());
		}

	}

}
