package dev.echod.listener;

import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import dev.echod.admission.Admission;
import dev.echod.connection.ByteRates;
import dev.echod.connection.ConnectionRegistry;
import dev.echod.connection.Watch;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * What holds a listener's clients to its limits, which may change while it runs.
 */
final class ListenerLimits {

	private final ListenerSettings settings;

	private final Admission admission;

	private final Watch watch;

	private volatile ListenerProperties.Limits current;

	private volatile ByteRates rates;

	/**
	 * Create the limits that are configured.
	 * @param memoryForEach how much each connection may have now, in bytes
	 */
	ListenerLimits(ListenerSettings settings, ConnectionRegistry registry, LongSupplier memoryForEach) {
		this.settings = settings;
		this.current = settings.properties().limits();
		this.rates = rates(this.current);
		this.admission = new Admission(settings.name(), settings.access(), this.current.admission(),
				settings.properties().proxyProtocol()::trusts, registry);
		this.watch = new Watch(registry.connections(settings.name()), registry.arrivals(settings.name()),
				this.current.times(), memoryForEach);
		this.watch.keepTo(this.rates);
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
	 * What a connection is held to that comes now.
	 */
	ByteRates rates() {
		return this.rates;
	}

	/**
	 * The byte rates among limits.
	 * @throws InvalidConfigurationPropertyValueException if one is not allowed here
	 */
	ByteRates rates(ListenerProperties.Limits limits) {
		return RateSettings.of("echod.listeners." + this.settings.name(), this.settings.properties(), limits);
	}

	/**
	 * Has other limits from now on.
	 * @return those before
	 * @throws InvalidConfigurationPropertyValueException if one is not allowed here
	 */
	synchronized ListenerProperties.Limits change(UnaryOperator<ListenerProperties.Limits> change) {
		ListenerProperties.Limits before = this.current;
		ListenerProperties.Limits changed = change.apply(before);
		this.rates = rates(changed);
		this.watch.keepTo(this.rates);
		this.admission.limit(changed.admission());
		this.watch.limit(changed.times());
		this.current = changed;
		return before;
	}

}
