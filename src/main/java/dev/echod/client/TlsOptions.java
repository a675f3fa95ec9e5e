package dev.echod.client;

import java.net.InetAddress;
import java.nio.file.Path;

import javax.net.ssl.SNIHostName;

import dev.echod.tls.ClientTls;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.util.Assert;

/**
 * How a command secures its connections.
 */
public final class TlsOptions {

	@Option(names = "--tls", description = "Connect with TLS; so does each of the options below.")
	private boolean enabled;

	@Option(names = "--tls-ca", paramLabel = "FILE",
			description = "Whom to trust, as PEM certificates; without it, whom Java trusts.")
	private @Nullable Path authorities;

	@Option(names = "--tls-cert", paramLabel = "FILE", description = "Own certificate and its chain, as PEM.")
	private @Nullable Path certificate;

	@Option(names = "--tls-key", paramLabel = "FILE", description = "Own private key, as PEM.")
	private @Nullable Path key;

	@Option(names = "--sni", paramLabel = "NAME",
			description = "Host name to ask for, and to be shown a certificate of (default: the host).")
	private @Nullable String serverName;

	/**
	 * What the options say; null for no TLS.
	 * @throws IllegalArgumentException if they do not fit together, or a file cannot be
	 * used
	 */
	public ProbeRequest.@Nullable Tls toTls() {
		if (!this.enabled && this.authorities == null && this.certificate == null && this.key == null
				&& this.serverName == null) {
			return null;
		}
		Assert.isTrue((this.certificate == null) == (this.key == null), "--tls-cert and --tls-key need each other");
		if (this.serverName != null) {
			checkName(this.serverName);
		}
		return new ProbeRequest.Tls(readFiles(), this.serverName);
	}

	/**
	 * An address as well: it may be one that the certificate is looked for.
	 */
	private static void checkName(String name) {
		try {
			if (name.contains(":")) {
				InetAddress.ofLiteral(name);
			}
			else {
				new SNIHostName(name);
			}
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("--sni takes a host name, not '%s'".formatted(name), ex);
		}
	}

	private ClientTls readFiles() {
		PemSslStoreDetails shown = (this.certificate != null)
				? PemSslStoreDetails.forCertificate(location(this.certificate)).withPrivateKey(location(this.key))
				: null;
		PemSslStoreDetails trusted = (this.authorities != null)
				? PemSslStoreDetails.forCertificate(location(this.authorities)) : null;
		try {
			return ClientTls.of(SslBundle.of(new PemSslStoreBundle(shown, trusted)));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("--tls-ca, --tls-cert and --tls-key take PEM files: " + ex.getMessage(),
					ex);
		}
	}

	private static @Nullable String location(@Nullable Path file) {
		return (file != null) ? file.toUri().toString() : null;
	}

}
