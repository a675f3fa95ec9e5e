@NullMarked
package dev.echod.training;

import org.jspecify.annotations.NullMarked;
