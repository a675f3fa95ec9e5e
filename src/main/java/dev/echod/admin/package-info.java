/**
 * What operators see of the service through Actuator.
 */
@NullMarked
package dev.echod.admin;

import org.jspecify.annotations.NullMarked;
