package dev.echod.listener;

import java.util.Map;

/**
 * The listeners by name.
 *
 * @param listeners what is configured for each
 */
public record ListenersProperties(Map<String, ListenerProperties> listeners) {

}
