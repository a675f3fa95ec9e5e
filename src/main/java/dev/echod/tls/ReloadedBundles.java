package dev.echod.tls;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;

/**
 * Spring Boot's SSL bundles, that are looked at before they take the place of others: one
 * that cannot be used is an error in the log, and the last good one stays in use. Nobody
 * who uses a bundle keeps others from learning of a new one.
 */
public final class ReloadedBundles extends DefaultSslBundleRegistry {

	private static final Logger logger = LoggerFactory.getLogger(ReloadedBundles.class);

	private final Map<String, BundleReloads> reloads = new ConcurrentHashMap<>();

	public ReloadedBundles() {
		TlsDefaults.refuseRenegotiation();
	}

	/**
	 * How the reloads of a bundle went.
	 */
	public BundleReloads reloads(String name) {
		return this.reloads.computeIfAbsent(name, (ignored) -> new BundleReloads());
	}

	/**
	 * Which of these bundles are in use as they were before, since they could not be
	 * reloaded, and why.
	 */
	public Map<String, String> stale(Collection<String> names) {
		Map<String, String> stale = new LinkedHashMap<>();
		for (String name : names) {
			String failure = reloads(name).failure();
			if (failure != null) {
				stale.put(name, failure);
			}
		}
		return stale;
	}

	/**
	 * Looks at all that there are.
	 * @throws InvalidConfigurationPropertyValueException if one cannot be used
	 */
	void checkAll() {
		for (String name : getBundleNames()) {
			try {
				BundleCheck.check(getBundle(name));
			}
			catch (Exception ex) {
				throw new InvalidConfigurationPropertyValueException("spring.ssl.bundle", name,
						"This SSL bundle cannot be used: " + BundleCheck.describe(ex));
			}
		}
	}

	@Override
	public void updateBundle(String name, SslBundle updated) {
		try {
			BundleCheck.check(updated);
		}
		catch (Exception ex) {
			failed(name, ex);
			return;
		}
		boolean mended = reloads(name).failure() != null;
		reloads(name).succeeded();
		super.updateBundle(name, updated);
		if (reloads(name).failure() == null) {
			logger.info("SSL bundle '{}' is reloaded{}", name, mended ? ", what was wrong with it is mended" : "");
		}
	}

	private void failed(String name, Exception failure) {
		String why = BundleCheck.describe(failure);
		reloads(name).failed(why);
		logger.error("SSL bundle '{}' could not be reloaded, what was loaded before stays in use: {}", name, why);
		logger.debug("SSL bundle '{}' could not be reloaded", name, failure);
	}

	@Override
	public void addBundleUpdateHandler(String name, Consumer<SslBundle> handler) {
		super.addBundleUpdateHandler(name, (updated) -> {
			try {
				handler.accept(updated);
			}
			catch (RuntimeException ex) {
				failed(name, ex);
			}
		});
	}

}
