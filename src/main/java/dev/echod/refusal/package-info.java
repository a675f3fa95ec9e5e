/**
 * What the admin API tells the meters of whom it refused.
 */
@NullMarked
package dev.echod.refusal;

import org.jspecify.annotations.NullMarked;
