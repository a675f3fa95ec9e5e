package dev.echod.connection;

import org.jspecify.annotations.Nullable;

/**
 * What a close of many connections is asked to do.
 *
 * @param filter chooses the connections; not all
 * @param closesPerSecond how many a second; 0 is all at once, null as is usual
 * @param expect how many connections have to match, or none is closed; null is any number
 * @param dryRun whether it is only said what would be done
 * @param note what the operator says of it; null when nothing
 */
public record BulkCloseRequest(ConnectionFilter filter, CloseMode mode, @Nullable Integer closesPerSecond,
		@Nullable Integer expect, boolean dryRun, @Nullable String note) {

}
