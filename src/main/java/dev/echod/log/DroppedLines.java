package dev.echod.log;

import java.util.concurrent.atomic.LongAdder;

/**
 * How many lines the log has lost since the start, as too many waited for its output.
 */
public final class DroppedLines {

	/**
	 * Of those that tell what operators changed, and who was refused.
	 */
	public static final DroppedLines OF_AUDIT = new DroppedLines();

	/**
	 * Of all others but the access log's.
	 */
	public static final DroppedLines OTHERS = new DroppedLines();

	private final LongAdder lines = new LongAdder();

	private DroppedLines() {
	}

	void add() {
		this.lines.increment();
	}

	public long count() {
		return this.lines.sum();
	}

}
