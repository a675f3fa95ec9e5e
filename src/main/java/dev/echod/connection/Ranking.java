package dev.echod.connection;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The figures that a listing can be sorted by.
 */
final class Ranking<T> {

	private final Map<String, ToLongFunction<T>> figures = new TreeMap<>();

	private final String usual;

	private final Function<T, String> identity;

	/**
	 * Create a ranking.
	 * @param usual how it is sorted when nobody says
	 * @param identity orders those of the same rank, so that they stay where they are
	 * from page to page
	 */
	Ranking(String usual, Function<T, String> identity) {
		this.usual = usual;
		this.identity = identity;
	}

	Ranking<T> by(String name, ToLongFunction<T> figure) {
		this.figures.put(name, figure);
		return this;
	}

	/**
	 * Sorts what matched, and takes a part of it.
	 * @throws IllegalArgumentException if it cannot be sorted like that; the message says
	 * what is allowed
	 */
	Page<T> page(int total, List<T> matched, Paging paging) {
		String sort = Objects.requireNonNullElse(paging.sort(), this.usual);
		boolean largestFirst = sort.startsWith("-");
		ToLongFunction<T> figure = this.figures.get(largestFirst ? sort.substring(1) : sort);
		if (figure == null) {
			throw new IllegalArgumentException("'sort' takes %s, with '-' before it for the largest first, not '%s'"
				.formatted(String.join(" or ", this.figures.keySet()), sort));
		}
		Comparator<Ranked<T>> byRank = Comparator.comparingLong(Ranked::rank);
		List<T> entries = matched.stream()
			.map((entry) -> new Ranked<>(entry, figure.applyAsLong(entry)))
			.sorted((largestFirst ? byRank.reversed() : byRank)
				.thenComparing((ranked) -> this.identity.apply(ranked.entry())))
			.skip(paging.offset())
			.limit(paging.limit())
			.map(Ranked::entry)
			.toList();
		return new Page<>(total, matched.size(), paging.offset(), paging.limit(), entries);
	}

	/**
	 * An entry and its rank, read once: the counts of a live one change meanwhile.
	 */
	private record Ranked<T>(T entry, long rank) {

	}

}
