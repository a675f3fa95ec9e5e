/**
 * Bean definitions that are made when the jar is built.
 */
@NullMarked
package dev.echod.definitions;

import org.jspecify.annotations.NullMarked;
