package dev.echod.admin;

import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ClientAuth;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;

/**
 * Whether the admin API is reached by TLS, whichever properties say so.
 *
 * @param isEnabled whether it is
 * @param asksClients whether clients are asked for a certificate
 * @param bundleNames the names of the SSL bundles that are used
 */
record AdminTls(boolean isEnabled, boolean asksClients, Set<String> bundleNames) {

	private static final AdminTls NONE = new AdminTls(false, false, Set.of());

	/**
	 * Takes it from the properties.
	 * @throws AdminSettingException if there is no such bundle, its files are no
	 * certificate and key, or clients are asked for a certificate and it trusts nobody's
	 */
	static AdminTls of(ServerProperties server, Environment environment, SslBundles bundles) {
		AdminTls tls = checked("server.ssl", server.getSsl(), bundles);
		if (ManagementPortType.get(environment) != ManagementPortType.DIFFERENT) {
			return tls;
		}
		String own = "management.server.ssl";
		return Binder.get(environment)
			.bind(own, Bindable.of(Ssl.class))
			.map((ssl) -> checked(own, ssl, bundles))
			.orElse(tls);
	}

	private static AdminTls checked(String property, @Nullable Ssl ssl, SslBundles bundles) {
		if (ssl == null || !Ssl.isEnabled(ssl)) {
			return NONE;
		}
		boolean asks = ssl.getClientAuth() == ClientAuth.WANT || ssl.getClientAuth() == ClientAuth.NEED;
		Set<String> names = new LinkedHashSet<>();
		if (ssl.getBundle() != null) {
			names.add(ssl.getBundle());
		}
		try {
			check(property, WebServerSslBundle.get(ssl, bundles), asks);
			for (ServerNameSslBundle name : ssl.getServerNameBundles()) {
				check(property, bundles.getBundle(name.bundle()), asks);
				names.add(name.bundle());
			}
		}
		catch (AdminSettingException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new AdminSettingException(
					"The admin API cannot use TLS as %s has it: %s.".formatted(property,
							NestedExceptionUtils.getMostSpecificCause(ex).getMessage()),
					"Set %s.bundle to a bundle under spring.ssl.bundle, and that to files that are there."
						.formatted(property));
		}
		return new AdminTls(true, asks, names);
	}

	/**
	 * Java would trust who is trusted with the names of web sites, where a bundle names
	 * nobody: all the world could be given the name of an operator.
	 */
	private static void check(String property, SslBundle bundle, boolean asksClients) {
		bundle.createSslContext();
		if (asksClients && bundle.getStores().getTrustStore() == null) {
			throw new AdminSettingException(
					"%s.client-auth asks clients for a certificate, but a bundle does not say whose are trusted."
						.formatted(property),
					"Give the bundle a trust store, such as spring.ssl.bundle.pem.<name>.truststore.certificate.");
		}
	}

}
