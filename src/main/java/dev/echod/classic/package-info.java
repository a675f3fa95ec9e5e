/**
 * The classical ways to serve a connection beside the event loop: a thread or a process
 * for each, one at a time, and Spring's own selector.
 */
@NullMarked
package dev.echod.classic;

import org.jspecify.annotations.NullMarked;
