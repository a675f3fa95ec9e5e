@NullMarked
package dev.echod.listener;

import org.jspecify.annotations.NullMarked;
