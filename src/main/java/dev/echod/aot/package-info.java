/**
 * Bean definitions that are made when the jar is built.
 */
@NullMarked
package dev.echod.aot;

import org.jspecify.annotations.NullMarked;
