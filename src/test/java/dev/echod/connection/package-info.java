@NullMarked
package dev.echod.connection;

import org.jspecify.annotations.NullMarked;
