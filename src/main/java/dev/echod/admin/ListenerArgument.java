package dev.echod.admin;

import java.util.stream.Collectors;

import dev.echod.listener.Listener;
import dev.echod.listener.Listeners;
import org.jspecify.annotations.Nullable;

/**
 * The name of a listener that a caller chooses connections by.
 */
final class ListenerArgument {

	private ListenerArgument() {
	}

	/**
	 * Checks that there is such a listener: of one that is misspelt there are no
	 * connections, which looks like the answer.
	 * @param name null for all
	 * @return the name
	 */
	static @Nullable String of(@Nullable String name, Listeners listeners) {
		if (name != null && listeners.named(name) == null) {
			throw Failures.badRequest("'listener' takes %s, not '%s'"
				.formatted(listeners.all().stream().map(Listener::name).collect(Collectors.joining(" or ")), name));
		}
		return name;
	}

}
