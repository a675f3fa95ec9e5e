@NullMarked
package dev.echod.aot;

import org.jspecify.annotations.NullMarked;
