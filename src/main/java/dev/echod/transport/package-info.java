/**
 * The event loops and the Spring Integration connection factories on them.
 */
@NullMarked
package dev.echod.transport;

import org.jspecify.annotations.NullMarked;
