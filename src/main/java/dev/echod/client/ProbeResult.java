package dev.echod.client;

import java.time.Duration;
import java.util.List;

/**
 * A probe whose every message came back as it was sent. One that only connected has no
 * round trips, and no min, median and max.
 *
 * @param bytes the size of each message
 * @param roundTrips the time of each message from sending it to having its reply, in the
 * order sent; the first one connects as well
 */
public record ProbeResult(int bytes, List<Duration> roundTrips) {

	public Duration min() {
		return sorted().getFirst();
	}

	public Duration median() {
		return sorted().get(this.roundTrips.size() / 2);
	}

	public Duration max() {
		return sorted().getLast();
	}

	private List<Duration> sorted() {
		return this.roundTrips.stream().sorted().toList();
	}

}
