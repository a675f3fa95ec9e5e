/**
 * What answers a message.
 */
@NullMarked
package dev.echod.service;

import org.jspecify.annotations.NullMarked;
