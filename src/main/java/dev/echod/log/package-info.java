/**
 * Writing the log without holding up who logs.
 */
@NullMarked
package dev.echod.log;

import org.jspecify.annotations.NullMarked;
