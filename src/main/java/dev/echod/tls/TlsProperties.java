package dev.echod.tls;

import java.util.Map;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a listener's connections are secured.
 *
 * @param bundle SSL bundle with the listener's certificate and key
 * (spring.ssl.bundle.pem.NAME or jks.NAME); empty for no TLS
 * @param clientAuth whether clients show a certificate; whether it is trusted is decided
 * by the bundle's trust store
 * @param serverNames bundles with other certificates, by the host name that a client asks
 * for (SNI): a name, or [*.example.org] for all names one level below; others get the
 * listener's own
 */
public record TlsProperties(@DefaultValue("") String bundle, @DefaultValue("none") ClientAuth clientAuth,
		@DefaultValue Map<String, String> serverNames) {

	/**
	 * Whether connections are secured.
	 */
	public boolean isEnabled() {
		return !this.bundle.isEmpty();
	}

}
