/**
 * The client side: probes through the outbound gateway.
 */
@NullMarked
package dev.echod.client;

import org.jspecify.annotations.NullMarked;
