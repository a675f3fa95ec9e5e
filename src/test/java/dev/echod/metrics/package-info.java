@NullMarked
package dev.echod.metrics;

import org.jspecify.annotations.NullMarked;
