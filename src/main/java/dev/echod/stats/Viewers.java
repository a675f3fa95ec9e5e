package dev.echod.stats;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * All that look at the stream now. Any thread may call.
 */
final class Viewers {

	/**
	 * More are turned away.
	 */
	static final int MOST = 200;

	/**
	 * Of these, places that operators alone take: those who may but look do not keep them
	 * from seeing what they do.
	 */
	static final int FOR_OPERATORS = 20;

	private static final byte[] BEAT = ": no news\n\n".getBytes(StandardCharsets.UTF_8);

	private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();

	private final History history;

	private final LongSupplier nanoClock;

	private final CompletableFuture<Void> gone = new CompletableFuture<>();

	private byte @Nullable [] end;

	Viewers(History history, LongSupplier nanoClock) {
		this.history = history;
		this.nanoClock = nanoClock;
	}

	/**
	 * Lets one in. Whoever does has it leave, when its connection ends.
	 * @param seen the number of the last sample that it has seen; 0 when it has seen none
	 * @return null when there are too many
	 */
	synchronized @Nullable Viewer enter(long seen, boolean isOperator, BooleanSupplier loggedOut) {
		if (this.viewers.size() >= (isOperator ? MOST : MOST - FOR_OPERATORS)) {
			return null;
		}
		Viewer viewer = new Viewer(this.history, seen + 1, loggedOut, this.nanoClock.getAsLong());
		this.viewers.add(viewer);
		if (this.end != null) {
			viewer.end(this.end);
		}
		return viewer;
	}

	void leave(Viewer viewer) {
		this.viewers.remove(viewer);
		completeIfGone();
	}

	private void completeIfGone() {
		boolean over;
		synchronized (this) {
			over = this.end != null && this.viewers.isEmpty();
		}
		if (over) {
			this.gone.complete(null);
		}
	}

	/**
	 * Has all see what is new.
	 */
	void tell() {
		long now = this.nanoClock.getAsLong();
		this.viewers.removeIf((viewer) -> !viewer.tell(now));
	}

	/**
	 * Shows all that there is somebody, when there is nothing to see.
	 */
	void beat() {
		this.viewers.forEach((viewer) -> viewer.beat(BEAT));
	}

	/**
	 * Has all see this last, and who comes later nothing else. Holds no lock meanwhile: a
	 * viewer that ends has one of its own.
	 * @return completes when nobody is left
	 */
	CompletableFuture<Void> end(byte[] last) {
		synchronized (this) {
			this.end = last;
		}
		this.viewers.forEach((viewer) -> viewer.end(last));
		completeIfGone();
		return this.gone;
	}

	/**
	 * Ends the connections of those that are left.
	 */
	void cutOff() {
		this.viewers.forEach(Viewer::cutOff);
	}

	int count() {
		return this.viewers.size();
	}

}
