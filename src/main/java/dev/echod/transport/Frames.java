package dev.echod.transport;

import dev.echod.framing.Framing;

/**
 * How bytes become messages.
 *
 * @param maxFrame the longest message, in bytes
 */
public record Frames(Framing framing, int maxFrame) {

}
