package dev.echod.admin;

import dev.echod.connection.Paging;
import org.jspecify.annotations.Nullable;

/**
 * Reads what asks for a part of a listing.
 */
final class PageArguments {

	private PageArguments() {
	}

	static Paging of(@Nullable String sort, @Nullable Integer offset, @Nullable Integer limit) {
		return new Paging(sort, Failures.within("offset", 0, Integer.MAX_VALUE, offset, 0),
				Failures.within("limit", 1, Paging.MAX_LIMIT, limit, Paging.DEFAULT_LIMIT));
	}

}
