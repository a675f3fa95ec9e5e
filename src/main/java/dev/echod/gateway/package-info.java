/**
 * The way of a message through Spring Integration, from a connection to what answers it
 * and back.
 */
@NullMarked
package dev.echod.gateway;

import org.jspecify.annotations.NullMarked;
