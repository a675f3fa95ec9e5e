package dev.echod.connection;

import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Chooses closed connections. What is null chooses all.
 *
 * @param listener the name of the listener
 * @param peer where the client was, or its proxy said that it was
 * @param reason why it ended
 */
public record ClosedConnectionFilter(@Nullable String listener, @Nullable AddressRange peer,
		@Nullable CloseReason reason) implements Predicate<ClosedConnection> {

	@Override
	public boolean test(ClosedConnection connection) {
		return (this.listener == null || this.listener.equals(connection.listener()))
				&& (this.peer == null || this.peer.contains(connection.endpoints().client().getAddress()))
				&& (this.reason == null || this.reason == connection.reason());
	}

}
