@NullMarked
package dev.echod.admin;

import org.jspecify.annotations.NullMarked;
