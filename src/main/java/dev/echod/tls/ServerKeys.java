package dev.echod.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;

import org.jspecify.annotations.Nullable;

/**
 * The keys of several bundles: which one is used is decided by the host name that the
 * client asks for.
 */
final class ServerKeys extends X509ExtendedKeyManager {

	private static final char SEPARATOR = ':';

	private final List<X509ExtendedKeyManager> bundles;

	private final ServerNames<Integer> names;

	/**
	 * Create the keys.
	 * @param bundles the keys of each bundle
	 * @param names which of the bundles belongs to a name
	 */
	ServerKeys(List<X509ExtendedKeyManager> bundles, ServerNames<Integer> names) {
		this.bundles = bundles;
		this.names = names;
	}

	@Override
	public @Nullable String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
		int bundle = bundleFor(engine.getHandshakeSession());
		return qualified(bundle, this.bundles.get(bundle).chooseEngineServerAlias(keyType, issuers, engine));
	}

	@Override
	public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
		int bundle = bundleFor(((SSLSocket) socket).getHandshakeSession());
		return qualified(bundle, this.bundles.get(bundle).chooseServerAlias(keyType, issuers, socket));
	}

	private int bundleFor(SSLSession handshake) {
		return this.names.find(ServerNames.requestedIn(handshake));
	}

	private static @Nullable String qualified(int bundle, @Nullable String alias) {
		return (alias != null) ? bundle + (SEPARATOR + alias) : null;
	}

	@Override
	public X509Certificate @Nullable [] getCertificateChain(String alias) {
		return bundleOf(alias).getCertificateChain(withinBundle(alias));
	}

	@Override
	public @Nullable PrivateKey getPrivateKey(String alias) {
		return bundleOf(alias).getPrivateKey(withinBundle(alias));
	}

	private X509ExtendedKeyManager bundleOf(String alias) {
		return this.bundles.get(Integer.parseInt(alias.substring(0, alias.indexOf(SEPARATOR))));
	}

	private static String withinBundle(String alias) {
		return alias.substring(alias.indexOf(SEPARATOR) + 1);
	}

	/**
	 * Not for clients, nor to be listed.
	 */
	@Override
	public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
		return null;
	}

	@Override
	public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
		return null;
	}

	@Override
	public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
		return null;
	}

}
