/**
 * The chart, with a real Helm.
 */
@NullMarked
package dev.echod.chart;

import org.jspecify.annotations.NullMarked;
