package dev.echod.connection;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which closed connections are kept, to be asked for.
 *
 * @param count how many at most; 0 keeps none
 * @param age how long at most; 0 is as long as the count allows
 */
public record ClosedConnectionsProperties(@DefaultValue("10000") @Min(0) @Max(100_000) int count,
		@DefaultValue("1h") @DurationMin @DurationMax(days = 30) Duration age) {

}
