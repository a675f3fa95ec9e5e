package dev.echod.listener;

import dev.echod.connection.ByteRates;
import dev.echod.service.Services;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * A listener's byte rates, found to be such as its way to serve keeps.
 */
final class RateSettings {

	private static final DataSize LEAST = DataSize.ofKilobytes(1);

	private static final DataSize MOST = DataSize.ofGigabytes(10);

	private RateSettings() {
	}

	/**
	 * Checks the rates, at the start and when they change.
	 * @throws InvalidConfigurationPropertyValueException if one is not allowed or not
	 * kept; it names the property and what is
	 */
	static ByteRates of(String prefix, ListenerProperties properties, ListenerProperties.Limits limits) {
		boolean selector = properties.concurrency() == Concurrency.SELECTOR;
		String notKept = selector ? "Concurrency selector keeps no byte rates: one thread reads for all." : null;
		long read = rate(prefix + ".limits.read-bytes-per-second", limits.readBytesPerSecond(), notKept);
		if (properties.service().equals(Services.BROADCAST)) {
			notKept = "The broadcast service keeps none: what one sends, all are sent. Its read-bytes-per-second "
					+ "limits that.";
		}
		return new ByteRates(read,
				rate(prefix + ".limits.write-bytes-per-second", limits.writeBytesPerSecond(), notKept));
	}

	private static long rate(String property, DataSize rate, @Nullable String notKept) {
		if (rate.toBytes() == 0) {
			return 0;
		}
		if (notKept != null) {
			throw new InvalidConfigurationPropertyValueException(property, rate, notKept);
		}
		if (rate.compareTo(LEAST) < 0 || rate.compareTo(MOST) > 0) {
			throw new InvalidConfigurationPropertyValueException(property, rate,
					"It must be from 1KB to 10GB; 0 is no limit.");
		}
		return rate.toBytes();
	}

}
