package dev.echod.connection;

import java.time.Duration;
import java.util.StringJoiner;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Chooses connections, for listing and for closing alike. What is null chooses all.
 *
 * @param listener the name of the listener
 * @param peer where the client is, or its proxy says that it is
 * @param idleFor nothing was read or written for at least so long
 * @param olderThan open for at least so long
 */
public record ConnectionFilter(@Nullable String listener, @Nullable AddressRange peer, @Nullable Duration idleFor,
		@Nullable Duration olderThan, @Nullable ConnectionState state) implements Predicate<OpenConnection> {

	/**
	 * Whether it chooses all connections.
	 */
	public boolean isEmpty() {
		return this.listener == null && this.peer == null && this.idleFor == null && this.olderThan == null
				&& this.state == null;
	}

	@Override
	public boolean test(OpenConnection connection) {
		return (this.listener == null || this.listener.equals(connection.listener()))
				&& (this.peer == null || this.peer.contains(connection.endpoints().client().getAddress()))
				&& (this.idleFor == null || connection.idleFor().compareTo(this.idleFor) >= 0)
				&& (this.olderThan == null || connection.age().compareTo(this.olderThan) >= 0)
				&& (this.state == null || this.state == connection.state());
	}

	/**
	 * What was asked for, as it would be asked for.
	 */
	@Override
	public String toString() {
		StringJoiner text = new StringJoiner(", ");
		add(text, "listener", this.listener);
		add(text, "peer", this.peer);
		add(text, "idleFor", this.idleFor);
		add(text, "olderThan", this.olderThan);
		add(text, "state", this.state);
		return text.toString();
	}

	private static void add(StringJoiner text, String name, @Nullable Object value) {
		if (value != null) {
			text.add(name + "=" + value);
		}
	}

}
