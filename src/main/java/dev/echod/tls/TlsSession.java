package dev.echod.tls;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import dev.echod.connection.Texts;
import dev.echod.connection.TlsDetails;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one connection, from its handshake on. Tells how that went, once.
 */
public final class TlsSession {

	/**
	 * Of what a client says of itself, in characters: it is kept for as long as its
	 * connection is listed, also when that has ended. No host name is longer.
	 */
	private static final int MOST_CHARACTERS = 255;

	private final Supplier<SSLSession> session;

	private final Handshakes handshakes;

	/**
	 * By the wall clock, as the session's own time is.
	 */
	private final long beganMillis = System.currentTimeMillis();

	private boolean told;

	TlsSession(Supplier<SSLSession> session, Handshakes handshakes) {
		this.session = session;
		this.handshakes = handshakes;
	}

	/**
	 * The handshake is done.
	 */
	public TlsDetails succeeded() {
		TlsDetails details = details(this.session.get(), this.beganMillis);
		if (tell()) {
			this.handshakes.succeeded(details.version(), details.resumed());
		}
		return details;
	}

	/**
	 * The handshake failed.
	 */
	public TlsFailure failed(Throwable cause) {
		return failed(TlsFailure.of(cause));
	}

	/**
	 * The handshake is not waited for any more.
	 */
	public void expired() {
		failed(TlsFailure.TIMEOUT);
	}

	private TlsFailure failed(TlsFailure failure) {
		if (tell()) {
			this.handshakes.failed(failure);
		}
		return failure;
	}

	private synchronized boolean tell() {
		boolean first = !this.told;
		this.told = true;
		return first;
	}

	/**
	 * A session that is older than its connection was resumed.
	 */
	static TlsDetails details(SSLSession known, long beganMillis) {
		return new TlsDetails(known.getProtocol(), known.getCipherSuite(), beginning(ServerNames.requestedIn(known)),
				beginning(subjectOf(known)), known.getCreationTime() < beganMillis);
	}

	private static @Nullable String beginning(@Nullable String text) {
		return (text != null) ? Texts.beginning(text, MOST_CHARACTERS) : null;
	}

	private static @Nullable String subjectOf(SSLSession known) {
		try {
			Certificate shown = known.getPeerCertificates()[0];
			return (shown instanceof X509Certificate certificate) ? certificate.getSubjectX500Principal().getName()
					: null;
		}
		catch (SSLPeerUnverifiedException ex) {
			return null;
		}
	}

}
