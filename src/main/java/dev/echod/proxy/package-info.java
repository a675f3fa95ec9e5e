/**
 * Who a connection really comes from, as a trusted proxy in front says in a PROXY header.
 */
@NullMarked
package dev.echod.proxy;

import org.jspecify.annotations.NullMarked;
