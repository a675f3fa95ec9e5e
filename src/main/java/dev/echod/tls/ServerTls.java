package dev.echod.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.Assert;

/**
 * TLS of a listener, on the JDK's own engine. Protocol versions, cipher suites and the
 * trust in clients are those of the listener's bundle; certificates, also those of the
 * bundles that belong to a host name.
 * <p>
 * When one of its bundles is reloaded all is made anew, for the connections that come
 * then. No session of before is resumed: it would let in a client that is not trusted any
 * more.
 */
public final class ServerTls {

	private final TlsProperties properties;

	private final SslBundles bundles;

	private final Handshakes handshakes = new Handshakes();

	private volatile Current current;

	private ServerTls(TlsProperties properties, SslBundles bundles) throws GeneralSecurityException {
		this.properties = properties;
		this.bundles = bundles;
		for (String name : bundleNames()) {
			BundleCheck.check(bundles.getBundle(name));
		}
		this.current = load();
	}

	/**
	 * TLS as the properties say.
	 * @param properties with bundles that there are
	 * @throws IllegalArgumentException if one of the bundles cannot be used; the message
	 * says why
	 */
	public static ServerTls of(TlsProperties properties, SslBundles bundles) {
		try {
			ServerTls made = new ServerTls(properties, bundles);
			made.bundleNames().forEach((name) -> bundles.addBundleUpdateHandler(name, (updated) -> made.reload()));
			return made;
		}
		catch (GeneralSecurityException | RuntimeException ex) {
			throw new IllegalArgumentException(BundleCheck.describe(ex), ex);
		}
	}

	/**
	 * Whether this is a host name that clients can ask for, or a domain after {@code *.}.
	 */
	public static boolean isServerName(String name) {
		return ServerNames.isName(name);
	}

	/**
	 * The names of the bundles that are used.
	 */
	public Set<String> bundleNames() {
		Set<String> names = new LinkedHashSet<>(List.of(this.properties.bundle()));
		names.addAll(this.properties.serverNames().values());
		return names;
	}

	/**
	 * How the handshakes went.
	 */
	public Handshakes handshakes() {
		return this.handshakes;
	}

	/**
	 * An engine for a connection that was accepted now.
	 */
	public SSLEngine newEngine() {
		return this.current.newEngine();
	}

	/**
	 * TLS over a socket that was accepted now.
	 * @param input what it sends
	 */
	public TlsSocket newSocket(Socket socket, InputStream input) throws IOException {
		Current now = this.current;
		return new TlsSocket(socket, input, now.context(), now.parameters(), this.handshakes);
	}

	/**
	 * What tells of the handshake of an engine of these.
	 */
	public TlsSession session(SSLEngine engine) {
		return new TlsSession(engine::getSession, this.handshakes);
	}

	private void reload() {
		try {
			this.current = load();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Current load() throws GeneralSecurityException {
		List<String> names = List.copyOf(bundleNames());
		List<X509ExtendedKeyManager> keys = new ArrayList<>();
		names.forEach((name) -> keys.add(keys(name)));
		Map<String, Integer> byName = new LinkedHashMap<>();
		this.properties.serverNames().forEach((host, name) -> byName.put(host, names.indexOf(name)));
		SslBundle own = this.bundles.getBundle(this.properties.bundle());
		SSLContext context = SSLContext.getInstance(own.getProtocol());
		context.init(new KeyManager[] { new ServerKeys(keys, new ServerNames<>(byName, 0)) },
				own.getManagers().getTrustManagers(), null);
		SSLParameters parameters = TlsDefaults.parameters(own.getOptions());
		this.properties.clientAuth().applyTo(parameters);
		Current loaded = new Current(context, parameters);
		// Refuses a version or cipher suite that there is not.
		loaded.newEngine();
		return loaded;
	}

	private X509ExtendedKeyManager keys(String name) {
		SslBundle bundle = this.bundles.getBundle(name);
		Assert.state(bundle.getStores().getKeyStore() != null,
				() -> "SSL bundle '%s' has no certificate".formatted(name));
		for (KeyManager manager : bundle.getManagers().getKeyManagers()) {
			if (manager instanceof X509ExtendedKeyManager keys) {
				return keys;
			}
		}
		throw new IllegalStateException("SSL bundle '%s' has no X.509 key".formatted(name));
	}

	/**
	 * What the bundles amount to now.
	 */
	private record Current(SSLContext context, SSLParameters parameters) {

		SSLEngine newEngine() {
			SSLEngine engine = this.context.createSSLEngine();
			engine.setUseClientMode(false);
			engine.setSSLParameters(this.parameters);
			return engine;
		}

	}

}
