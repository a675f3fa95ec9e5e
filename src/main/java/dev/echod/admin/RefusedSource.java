package dev.echod.admin;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.echod.refusal.RefusedRequests.Reason;

/**
 * What is remembered of a source in the minute after it was told of. Used by one thread
 * at a time.
 */
final class RefusedSource {

	/**
	 * Of which it was told.
	 */
	private final Set<Reason> told = EnumSet.noneOf(Reason.class);

	/**
	 * Those that follow, the last at the end. Here and below.
	 */
	private final Map<Reason, Refusal> untold = new LinkedHashMap<>();

	/**
	 * With those that were told of at once: they have no line of their own.
	 */
	private final Map<Reason, Refusal> unlogged = new LinkedHashMap<>();

	private long toldNanos;

	RefusedSource(long nanos) {
		this.toldNanos = nanos;
	}

	/**
	 * Adds a refusal.
	 * @param logged whether it has a line already, as the first of the source
	 * @return whether it is to be told of at once, as the first for its reason
	 */
	boolean add(Reason reason, Refusal refusal, boolean logged) {
		boolean first = this.told.add(reason);
		if (!first) {
			add(this.untold, reason, refusal);
		}
		if (!logged) {
			add(this.unlogged, reason, refusal);
		}
		return first;
	}

	/**
	 * Adds a refusal that is told of when its minute is over.
	 */
	void addUntold(Reason reason, Refusal refusal) {
		add(this.untold, reason, refusal);
		add(this.unlogged, reason, refusal);
	}

	private static void add(Map<Reason, Refusal> counts, Reason reason, Refusal refusal) {
		Refusal before = counts.remove(reason);
		counts.put(reason, (before != null) ? refusal.after(before) : refusal);
	}

	long nanosSinceTold(long now) {
		return now - this.toldNanos;
	}

	boolean isEmpty() {
		return this.unlogged.isEmpty();
	}

	List<Refusal> unlogged() {
		return new ArrayList<>(this.unlogged.values());
	}

	/**
	 * Has its next minute begin.
	 * @return those that were not told of yet
	 */
	List<Refusal> tell(long now) {
		List<Refusal> due = new ArrayList<>(this.untold.values());
		this.told.retainAll(this.untold.keySet());
		this.untold.clear();
		this.unlogged.clear();
		this.toldNanos = now;
		return due;
	}

}
