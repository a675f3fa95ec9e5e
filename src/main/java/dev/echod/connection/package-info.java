/**
 * The open connections, and why closed ones ended.
 */
@NullMarked
package dev.echod.connection;

import org.jspecify.annotations.NullMarked;
