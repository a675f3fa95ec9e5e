package dev.echod.admin;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What the last probe of a listener found.
 *
 * @param at when it ended
 * @param echoed whether every message came back as it was sent
 * @param medianSeconds of the round trips; null when one did not come back
 * @param error why not; null when all did
 */
public record LastProbe(Instant at, boolean echoed, @Nullable Double medianSeconds, @Nullable String error) {

}
