@NullMarked
package dev.echod.drain;

import org.jspecify.annotations.NullMarked;
