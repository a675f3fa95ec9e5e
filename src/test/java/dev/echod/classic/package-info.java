@NullMarked
package dev.echod.classic;

import org.jspecify.annotations.NullMarked;
