package dev.echod.drain;

import java.time.Duration;

import dev.echod.connection.ClosePace;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the service is drained, at its shutdown and when an operator does not say
 * otherwise.
 *
 * @param announce how long connections are still accepted while readiness is down
 * already, for load balancers to notice
 * @param quiet a connection silent for so long, with nothing owed, may be closed
 * @param deadline what is left after so long is reset, counted from the end of the
 * announcement
 * @param closesPerSecond closes in a second at most, against reconnect storms; 0 is no
 * limit
 */
public record DrainProperties(@DefaultValue("0s") @DurationMin @DurationMax(days = 1) Duration announce,
		@DefaultValue("1s") @DurationMin @DurationMax(days = 1) Duration quiet,
		@DefaultValue("30s") @DurationMin @DurationMax(days = 1) Duration deadline,
		@DefaultValue("0") @Min(0) @Max(ClosePace.MAX_PER_SECOND) int closesPerSecond) {

	/**
	 * The longest that each time may be.
	 */
	public static final Duration MAX_TIME = Duration.ofDays(1);

}
