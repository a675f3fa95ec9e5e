package dev.echod.admin;

import java.time.Duration;

import dev.echod.connection.ClosePace;
import dev.echod.drain.Drain;
import dev.echod.drain.DrainOutcome;
import dev.echod.drain.DrainPlan;
import dev.echod.drain.DrainProperties;
import dev.echod.drain.DrainRefusedException;
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
	DrainDescriptor show() {
		return DrainDescriptor.of(this.drain.status());
	}

	@WriteOperation
	WebEndpointResponse<DrainDescriptor> start(SecurityContext caller, @Nullable Duration announce,
			@Nullable Duration quiet, @Nullable Duration deadline, @Nullable Integer closesPerSecond,
			@Nullable Then then, @Nullable String reason) {
		DrainProperties defaults = this.drain.properties();
		DrainPlan plan = new DrainPlan(
				time("announce", announce, defaults.announce()), time("quiet", quiet, defaults.quiet()),
				time("deadline", deadline, defaults.deadline()), Failures.within("closesPerSecond", 0,
						ClosePace.MAX_PER_SECOND, closesPerSecond, defaults.closesPerSecond()),
				then == Then.SHUTDOWN, reason);
		try {
			DrainStatus started = this.drain.start(plan);
			this.audit.changed(caller, "DRAIN_STARTED", describe(plan), reason);
			return new WebEndpointResponse<>(DrainDescriptor.of(started), ACCEPTED);
		}
		catch (DrainRefusedException ex) {
			throw Failures.conflict(ex);
		}
	}

	@DeleteOperation
	DrainDescriptor cancel(SecurityContext caller, @Nullable String reason) {
		try {
			DrainStatus cancelled = this.drain.cancel();
			this.audit.changed(caller, change(cancelled), "drain", reason);
			return DrainDescriptor.of(cancelled);
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

}
