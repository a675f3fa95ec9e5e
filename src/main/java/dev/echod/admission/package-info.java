/**
 * Whether an accepted client is served: access lists, limits, rates.
 */
@NullMarked
package dev.echod.admission;

import org.jspecify.annotations.NullMarked;
