package dev.echod.tls;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TlsConfiguration {

	/**
	 * In place of Spring Boot's own registry.
	 */
	@Bean
	ReloadedBundles sslBundleRegistry(ObjectProvider<SslBundleRegistrar> registrars) {
		ReloadedBundles bundles = new ReloadedBundles();
		registrars.orderedStream().forEach((registrar) -> registrar.registerBundles(bundles));
		return bundles;
	}

	/**
	 * Looks at all bundles, when those who use one have looked at theirs. Spring Boot's
	 * meters would fail on one that is broken, and not say which.
	 */
	@Bean
	SmartInitializingSingleton bundlesLookedAt(ReloadedBundles bundles) {
		return bundles::checkAll;
	}

	/**
	 * Keys are compared with their certificates by {@link BundleCheck}, for all bundles:
	 * where Spring Boot's {@code verify-keys} finds a fault at a reload, nobody but the
	 * log learns of it.
	 */
	@Bean
	static BeanPostProcessor keysVerifiedHere() {
		return new BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String beanName) {
				if (bean instanceof SslProperties properties) {
					properties.getBundle().getPem().values().forEach((bundle) -> {
						bundle.getKeystore().setVerifyKeys(false);
						bundle.getTruststore().setVerifyKeys(false);
					});
				}
				return bean;
			}

		};
	}

}
