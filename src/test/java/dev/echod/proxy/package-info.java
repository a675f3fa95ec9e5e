@NullMarked
package dev.echod.proxy;

import org.jspecify.annotations.NullMarked;
