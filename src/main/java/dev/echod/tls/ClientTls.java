package dev.echod.tls;

import java.security.GeneralSecurityException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import dev.echod.connection.TlsDetails;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * TLS of connections that we make, on the JDK's own engine. The server has to show a
 * certificate for the host that was asked for (RFC 9110, section 4.3.4).
 */
public final class ClientTls {

	private volatile Current current;

	private ClientTls(SslBundle bundle) throws GeneralSecurityException {
		BundleCheck.check(bundle);
		this.current = Current.of(bundle);
	}

	/**
	 * TLS with what a bundle trusts, and its certificate if it has one; the JDK's own
	 * trust, if it names none.
	 * @throws IllegalArgumentException if it cannot be used; the message says why
	 */
	public static ClientTls of(SslBundle bundle) {
		try {
			return new ClientTls(bundle);
		}
		catch (GeneralSecurityException | RuntimeException ex) {
			throw new IllegalArgumentException(BundleCheck.describe(ex), ex);
		}
	}

	/**
	 * TLS with a bundle, also when that is reloaded.
	 * @param name of one that there is
	 * @throws IllegalArgumentException if it cannot be used; the message says why
	 */
	public static ClientTls of(String name, SslBundles bundles) {
		ClientTls made = of(bundles.getBundle(name));
		bundles.addBundleUpdateHandler(name, (updated) -> made.current = Current.of(updated));
		return made;
	}

	/**
	 * An engine for a connection.
	 * @param host its name is sent, and looked for in the server's certificate
	 */
	public SSLEngine newEngine(String host, int port) {
		return this.current.newEngine(host, port);
	}

	/**
	 * What an engine of these has agreed on, its handshake being done.
	 */
	public static TlsDetails details(SSLEngine engine) {
		return TlsSession.details(engine.getSession(), Long.MIN_VALUE);
	}

	/**
	 * What a bundle amounts to now.
	 */
	private record Current(SSLContext context, SSLParameters parameters) {

		static Current of(SslBundle bundle) {
			SSLParameters parameters = TlsDefaults.parameters(bundle.getOptions());
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
			return new Current(bundle.createSslContext(), parameters);
		}

		SSLEngine newEngine(String host, int port) {
			SSLEngine engine = this.context.createSSLEngine(host, port);
			engine.setUseClientMode(true);
			engine.setSSLParameters(this.parameters);
			return engine;
		}

	}

}
