package dev.echod.stats;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The last samples as they are sent, by number from 1: each was made once, and whoever
 * sends it sends the same bytes. Any thread may call.
 */
final class History {

	/**
	 * Of fifteen minutes.
	 */
	static final int KEPT = 900;

	private static final int MOST_CHARACTERS = 50;

	private final Instant start;

	private final byte[][] events = new byte[KEPT][];

	private long last;

	/**
	 * Create an empty history.
	 * @param start when this service was started
	 */
	History(Instant start) {
		this.start = start;
	}

	Instant start() {
		return this.start;
	}

	/**
	 * What a sample is known by, in this start of the service and all others.
	 */
	String id(long number) {
		return prefix() + number;
	}

	private String prefix() {
		return this.start.toEpochMilli() + "-";
	}

	/**
	 * The number of the sample with this id.
	 * @param id null when there is none
	 * @return 0 when it is none of this start of the service
	 */
	long number(@Nullable String id) {
		if (id == null || id.length() > MOST_CHARACTERS || !id.startsWith(prefix())) {
			return 0;
		}
		try {
			long number = Long.parseLong(id.substring(prefix().length()));
			return (number > 0 && number <= last()) ? number : 0;
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	/**
	 * Adds the one of the next number. There is one who does.
	 */
	synchronized void add(byte[] event) {
		this.last++;
		this.events[index(this.last)] = event;
	}

	/**
	 * The number of the latest; 0 when there is none.
	 */
	synchronized long last() {
		return this.last;
	}

	/**
	 * The number of the oldest that is kept; one more than the latest when there is none.
	 */
	synchronized long first() {
		return Math.max(1, this.last - KEPT + 1);
	}

	/**
	 * One of those up to the latest.
	 * @return null when it is not kept any more
	 */
	synchronized byte @Nullable [] get(long number) {
		return (number < first()) ? null : this.events[index(number)];
	}

	private static int index(long number) {
		return (int) (number % KEPT);
	}

}
