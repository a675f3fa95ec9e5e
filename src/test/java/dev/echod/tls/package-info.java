@NullMarked
package dev.echod.tls;

import org.jspecify.annotations.NullMarked;
