/**
 * The meters: what is counted, and where it comes from.
 */
@NullMarked
package dev.echod.metrics;

import org.jspecify.annotations.NullMarked;
