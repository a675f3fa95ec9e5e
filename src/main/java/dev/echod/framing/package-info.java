/**
 * How bytes become messages, and messages bytes.
 */
@NullMarked
package dev.echod.framing;

import org.jspecify.annotations.NullMarked;
