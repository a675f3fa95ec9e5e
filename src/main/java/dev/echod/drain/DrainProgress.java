package dev.echod.drain;

import java.time.Duration;
import java.time.Instant;

/**
 * How far a drain has come. The last five counts add up to the first count.
 *
 * @param startedAt when it was asked for
 * @param elapsed how long it has run, or ran
 * @param timeLeft how long until what is left is reset; zero when the drain has ended
 * @param initial connections open when the listeners were closed; while they are still
 * accepting, those open now
 * @param remaining connections still open
 * @param closedByClient connections that the client ended
 * @param closedByUs connections that were closed in order
 * @param reset connections left at the deadline
 * @param cut connections cut off in another way
 */
public record DrainProgress(Instant startedAt, Duration elapsed, Duration timeLeft, long initial, long remaining,
		long closedByClient, long closedByUs, long reset, long cut) {

}
