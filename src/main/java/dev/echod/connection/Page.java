package dev.echod.connection;

import java.util.List;

/**
 * A part of what was found.
 *
 * @param total how many there are
 * @param matched how many of them the filter chose
 * @param offset how many of these were passed over
 * @param limit how many come at most
 */
public record Page<T>(int total, int matched, int offset, int limit, List<T> entries) {

}
