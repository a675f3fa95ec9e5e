@NullMarked
package dev.echod.admission;

import org.jspecify.annotations.NullMarked;
