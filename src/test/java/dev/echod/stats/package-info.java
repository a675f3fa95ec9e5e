@NullMarked
package dev.echod.stats;

import org.jspecify.annotations.NullMarked;
