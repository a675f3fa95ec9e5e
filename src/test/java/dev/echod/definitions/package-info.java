@NullMarked
package dev.echod.definitions;

import org.jspecify.annotations.NullMarked;
