package dev.echod.client.load;

/**
 * When a load sends, and what of it counts. Used on one event loop.
 */
final class Span {

	private boolean begun;

	private long countFrom = LoadLoop.NEVER;

	private long endAt = LoadLoop.NEVER;

	/**
	 * Has connections send as soon as they are made; nothing counts yet.
	 */
	void begin() {
		this.begun = true;
	}

	/**
	 * Has what is due from a time on count, and nothing be due from another on.
	 */
	void set(long from, long end, long now) {
		// What was sent to warm up is counted neither before its reply nor after.
		this.countFrom = this.begun ? Math.max(from, now) : from;
		this.begun = true;
		end(end);
	}

	/**
	 * Has nothing be due from a time on.
	 */
	void end(long end) {
		this.endAt = Math.min(end, this.endAt);
	}

	boolean isBegun() {
		return this.begun;
	}

	/**
	 * Whether what is due then counts.
	 */
	boolean counts(long due) {
		return due >= this.countFrom;
	}

	long countFrom() {
		return this.countFrom;
	}

	/**
	 * Whether nothing is due any more.
	 */
	boolean isOver(long due) {
		return due >= this.endAt;
	}

	long endAt() {
		return this.endAt;
	}

}
