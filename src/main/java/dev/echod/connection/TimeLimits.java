package dev.echod.connection;

import java.time.Duration;

/**
 * How long the connections of a listener may do what; 0 is forever.
 *
 * @param writeStall take nothing of what is sent to them
 * @param idle neither send nor be sent anything, while nothing is owed to them
 * @param maxAge be open; for each connection it is another part of this, from 90 % to all
 * @param handshake be waited for to be ready
 */
public record TimeLimits(Duration writeStall, Duration idle, Duration maxAge, Duration handshake) {

}
