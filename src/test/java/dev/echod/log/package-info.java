@NullMarked
package dev.echod.log;

import org.jspecify.annotations.NullMarked;
