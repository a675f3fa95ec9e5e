@NullMarked
package dev.echod.client;

import org.jspecify.annotations.NullMarked;
