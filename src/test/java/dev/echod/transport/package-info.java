@NullMarked
package dev.echod.transport;

import org.jspecify.annotations.NullMarked;
