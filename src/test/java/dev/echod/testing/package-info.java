/**
 * What several tests need: clients on plain sockets, and the log.
 */
@NullMarked
package dev.echod.testing;

import org.jspecify.annotations.NullMarked;
