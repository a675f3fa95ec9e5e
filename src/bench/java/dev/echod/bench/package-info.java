/**
 * Measures ways to serve echo side by side, those of echod and others.
 */
@NullMarked
package dev.echod.bench;

import org.jspecify.annotations.NullMarked;
