/**
 * The load client, against servers that do what they are told to.
 */
@NullMarked
package dev.echod.client.load;

import org.jspecify.annotations.NullMarked;
