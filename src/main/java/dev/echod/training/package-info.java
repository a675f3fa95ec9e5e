/**
 * The traffic that Java's AOT cache is trained with.
 */
@NullMarked
package dev.echod.training;

import org.jspecify.annotations.NullMarked;
