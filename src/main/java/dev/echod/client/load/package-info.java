/**
 * The load client: drives a service as a plan says, and tells the truth about what came
 * back.
 */
@NullMarked
package dev.echod.client.load;

import org.jspecify.annotations.NullMarked;
