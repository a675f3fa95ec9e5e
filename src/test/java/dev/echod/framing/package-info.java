@NullMarked
package dev.echod.framing;

import org.jspecify.annotations.NullMarked;
