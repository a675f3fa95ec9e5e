/**
 * The stats page: what it is made of, and the stream that tells it each second how the
 * service is.
 */
@NullMarked
package dev.echod.stats;

import org.jspecify.annotations.NullMarked;
