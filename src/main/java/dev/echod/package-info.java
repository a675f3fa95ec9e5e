/**
 * The application: its start, its properties and its commands.
 */
@NullMarked
package dev.echod;

import org.jspecify.annotations.NullMarked;
