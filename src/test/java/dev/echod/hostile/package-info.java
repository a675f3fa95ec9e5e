/**
 * Clients that mean harm, against each way to serve and each framing.
 */
@NullMarked
package dev.echod.hostile;

import org.jspecify.annotations.NullMarked;
