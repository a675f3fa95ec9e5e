package dev.echod.listener;

import java.util.List;

import dev.echod.tls.ClientAuth;
import dev.echod.tls.ClientTls;
import dev.echod.tls.ServerTls;
import dev.echod.tls.TlsProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.SslBundles;

/**
 * Finds a listener's {@code tls} properties to fit together, and makes its TLS of them.
 */
final class TlsSettings {

	private final String prefix;

	private final TlsProperties properties;

	private final SslBundles bundles;

	/**
	 * Create the settings.
	 * @param prefix of the listener's properties
	 */
	TlsSettings(String prefix, TlsProperties properties, SslBundles bundles) {
		this.prefix = prefix + ".tls";
		this.properties = properties;
		this.bundles = bundles;
	}

	/**
	 * TLS as the properties say; null for none.
	 * @throws InvalidConfigurationPropertyValueException if they do not fit together, or
	 * a bundle cannot be used
	 */
	@Nullable ServerTls toTls(Concurrency concurrency) {
		String bundle = this.properties.bundle();
		if (!this.properties.isEnabled()) {
			checkNothingElseIsSet();
			return null;
		}
		if (concurrency == Concurrency.SELECTOR) {
			throw invalid(".bundle", bundle, "Concurrency selector has no TLS; the others have.");
		}
		checkBundle(".bundle", bundle);
		this.properties.serverNames().forEach(this::checkServerName);
		if (this.properties.clientAuth() != ClientAuth.NONE
				&& this.bundles.getBundle(bundle).getStores().getTrustStore() == null) {
			throw invalid(".client-auth", this.properties.clientAuth(),
					"It needs a trust store in SSL bundle '%s', that says which clients are trusted."
						.formatted(bundle));
		}
		try {
			return ServerTls.of(this.properties, this.bundles);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(".bundle", bundle, "It cannot be used: %s.".formatted(ex.getMessage()));
		}
	}

	private void checkNothingElseIsSet() {
		if (this.properties.clientAuth() != ClientAuth.NONE) {
			throw invalid(".client-auth", this.properties.clientAuth(), needsBundle());
		}
		if (!this.properties.serverNames().isEmpty()) {
			throw invalid(".server-names", this.properties.serverNames(), needsBundle());
		}
	}

	private String needsBundle() {
		return "It needs %s.bundle, the certificate of the listener itself.".formatted(this.prefix);
	}

	private void checkServerName(String name, String bundle) {
		if (!ServerTls.isServerName(name)) {
			throw invalid(".server-names", name,
					"It takes host names, and domains as '[*.example.org]', which need the brackets.");
		}
		checkBundle(".server-names[%s]".formatted(name), bundle);
	}

	/**
	 * TLS of the connections to a relay's upstream; null for none.
	 * @param prefix of the listener's properties
	 * @throws InvalidConfigurationPropertyValueException if there is no such bundle, or
	 * it cannot be used
	 */
	static @Nullable ClientTls upstream(String prefix, String bundle, SslBundles bundles) {
		if (bundle.isEmpty()) {
			return null;
		}
		String property = prefix + ".relay.tls.bundle";
		checkBundle(property, bundle, bundles);
		try {
			return ClientTls.of(bundle, bundles);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(property, bundle,
					"It cannot be used: %s.".formatted(ex.getMessage()));
		}
	}

	private void checkBundle(String property, String bundle) {
		checkBundle(this.prefix + property, bundle, this.bundles);
	}

	private static void checkBundle(String property, String bundle, SslBundles bundles) {
		List<String> names = bundles.getBundleNames();
		if (!names.contains(bundle)) {
			throw new InvalidConfigurationPropertyValueException(property, bundle,
					"There is no such SSL bundle. Under spring.ssl.bundle there is: %s."
						.formatted(names.isEmpty() ? "none" : String.join(", ", names)));
		}
	}

	private InvalidConfigurationPropertyValueException invalid(String property, Object value, String reason) {
		return new InvalidConfigurationPropertyValueException(this.prefix + property, value, reason);
	}

}
