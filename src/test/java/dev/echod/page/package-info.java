/**
 * The stats page in a real browser.
 */
@NullMarked
package dev.echod.page;

import org.jspecify.annotations.NullMarked;
