package dev.echod.listener;

import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import dev.echod.admission.Admission;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.Watch;

/**
 * What holds a listener's clients to its limits, which may change while it runs.
 */
final class ListenerLimits {

	private final Admission admission;

	private final Watch watch;

	private volatile ListenerProperties.Limits current;

	/**
	 * Create the limits that are configured.
	 * @param memoryForEach how much each connection may have now, in bytes
	 */
	ListenerLimits(ListenerSettings settings, ConnectionRegistry registry, LongSupplier memoryForEach) {
		this.current = settings.properties().limits();
		this.admission = new Admission(settings.name(), settings.access(), this.current.admission(),
				settings.properties().proxyProtocol()::trusts, registry);
		this.watch = new Watch(registry.connections(settings.name()), registry.arrivals(settings.name()),
				this.current.times(), memoryForEach);
	}

	/**
	 * Lets clients in.
	 */
	Admission admission() {
		return this.admission;
	}

	/**
	 * Closes those that have had their time.
	 */
	Watch watch() {
		return this.watch;
	}

	ListenerProperties.Limits current() {
		return this.current;
	}

	/**
	 * Has other limits from now on.
	 * @return those before
	 */
	synchronized ListenerProperties.Limits change(UnaryOperator<ListenerProperties.Limits> change) {
		ListenerProperties.Limits before = this.current;
		ListenerProperties.Limits changed = change.apply(before);
		this.admission.limit(changed.admission());
		this.watch.limit(changed.times());
		this.current = changed;
		return before;
	}

}
