/**
 * Taking the service out of use without losing a byte.
 */
@NullMarked
package dev.echod.drain;

import org.jspecify.annotations.NullMarked;
