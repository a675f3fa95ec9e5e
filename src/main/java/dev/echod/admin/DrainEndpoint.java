package dev.echod.admin;

import java.time.Duration;
import java.util.Objects;

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
	WebEndpointResponse<Object> start(SecurityContext caller, @Nullable String announce, @Nullable String quiet,
			@Nullable String deadline, @Nullable String closesPerSecond, @Nullable String then,
			@Nullable String reason) {
		return Answers.checked(() -> {
			DrainProperties defaults = this.drain.properties();
			DrainPlan plan = new DrainPlan(duration("announce", announce, defaults.announce()),
					duration("quiet", quiet, defaults.quiet()), duration("deadline", deadline, defaults.deadline()),
					RequestParameters.integer("closesPerSecond", closesPerSecond, 0,
							DrainProperties.MAX_CLOSES_PER_SECOND, defaults.closesPerSecond()),
					RequestParameters.enumeration("then", Then.class, then) == Then.SHUTDOWN, reason);
			try {
				DrainStatus started = this.drain.start(plan);
				this.audit.changed(caller, "DRAIN_STARTED", describe(plan), reason);
				return new WebEndpointResponse<>(Descriptor.of(started), ACCEPTED);
			}
			catch (DrainRefusedException ex) {
				return Answers.conflict(String.valueOf(ex.getMessage()));
			}
		});
	}

	@DeleteOperation
	WebEndpointResponse<Object> cancel(SecurityContext caller, @Nullable String reason) {
		try {
			DrainStatus cancelled = this.drain.cancel();
			this.audit.changed(caller, "DRAIN_CANCELLED", "drain", reason);
			return Answers.ok(Descriptor.of(cancelled));
		}
		catch (DrainRefusedException | ListenerBindException ex) {
			return Answers.conflict(String.valueOf(ex.getMessage()));
		}
	}

	private static Duration duration(String name, @Nullable String text, Duration defaultValue) {
		Duration duration = Objects.requireNonNullElse(RequestParameters.duration(name, text), defaultValue);
		if (duration.compareTo(DrainProperties.MAX_TIME) > 0) {
			throw new IllegalArgumentException("'%s' takes up to one day, not '%s'".formatted(name, text));
		}
		return duration;
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
	record Descriptor(DrainState state, @Nullable Plan plan, @Nullable DrainProgress progress,
			@Nullable DrainOutcome outcome) {

		static Descriptor of(DrainStatus status) {
			DrainPlan plan = status.plan();
			return new Descriptor(status.state(), (plan != null) ? Plan.of(plan) : null, status.progress(),
					status.outcome());
		}

	}

	/**
	 * What was asked for.
	 *
	 * @param then null: nothing follows
	 */
	record Plan(Duration announce, Duration quiet, Duration deadline, int closesPerSecond, @Nullable String then,
			@Nullable String reason) {

		static Plan of(DrainPlan plan) {
			return new Plan(plan.announce(), plan.quiet(), plan.deadline(), plan.closesPerSecond(),
					plan.shutdown() ? "shutdown" : null, plan.reason());
		}

	}

}
