package dev.echod.testing;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.echod.framing.Framing;
import dev.echod.transport.Transport;

/**
 * How many kinds of the same the tests go through: all with the build's profile
 * {@code full}, without it those that stand for the rest, so that a build takes minutes.
 */
public final class Breadth {

	private static final boolean FULL = Boolean.getBoolean("echod.test.full");

	private Breadth() {
	}

	/**
	 * The transports of this machine, the best first; without {@code full} that one.
	 */
	public static List<Transport> transports() {
		List<Transport> available = Transport.available();
		return FULL ? available : available.subList(0, 1);
	}

	/**
	 * The framings of messages, which {@code http} is not; without {@code full} none and
	 * one with an end mark.
	 */
	public static Stream<Framing> framings() {
		return FULL ? Arrays.stream(Framing.values()).filter((framing) -> framing != Framing.HTTP)
				: Stream.of(Framing.STREAM, Framing.LF);
	}

}
