package dev.echod.client.load;

import java.util.ArrayList;
import java.util.List;

/**
 * What failed: the first few. Used by any thread.
 */
final class Failures {

	private static final int MOST = 10;

	private final List<Failure> first = new ArrayList<>();

	synchronized void add(Failure failure) {
		if (this.first.size() < MOST) {
			this.first.add(failure);
		}
	}

	synchronized List<Failure> first() {
		return List.copyOf(this.first);
	}

	/**
	 * What failed.
	 *
	 * @param connection its number, from 1
	 * @param what in words
	 */
	record Failure(int connection, ConnectionEnd end, String what) {

		@Override
		public String toString() {
			return "connection %d %s: %s".formatted(this.connection, this.end, this.what);
		}

	}

}
