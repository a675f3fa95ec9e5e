package dev.echod.tls;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;

import javax.net.ssl.SSLException;

/**
 * Why a handshake failed.
 */
public enum TlsFailure {

	/**
	 * The client does not speak TLS.
	 */
	NOT_TLS,

	/**
	 * Client and server have no protocol version or cipher suite in common.
	 */
	NOTHING_IN_COMMON,

	/**
	 * The client's certificate is missing, or not trusted.
	 */
	CLIENT_CERTIFICATE,

	/**
	 * The client sent an alert: it does not trust our certificate, most of the time.
	 */
	REFUSED_BY_CLIENT,

	/**
	 * The client left before the handshake was done.
	 */
	CLIENT_GONE,

	/**
	 * The handshake took longer than the listener's {@code handshake}.
	 */
	TIMEOUT,

	/**
	 * The client broke the protocol, or it failed in another way; the log says how, at
	 * DEBUG.
	 */
	OTHER;

	/**
	 * What a failure amounts to. The JDK names the alert that it sends at the beginning
	 * of a message, in parentheses.
	 */
	static TlsFailure of(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof CertificateException) {
				return CLIENT_CERTIFICATE;
			}
			TlsFailure known = (cause instanceof SSLException) ? ofMessage(String.valueOf(cause.getMessage())) : OTHER;
			if (known != OTHER) {
				return known;
			}
			if (isEnd(cause)) {
				return CLIENT_GONE;
			}
		}
		return OTHER;
	}

	private static TlsFailure ofMessage(String message) {
		if (message.startsWith("not an SSL/TLS record")
				|| message.contains("Unsupported or unrecognized SSL message")) {
			return NOT_TLS;
		}
		if (message.contains("Received fatal alert")) {
			return REFUSED_BY_CLIENT;
		}
		if (message.contains("Empty client certificate chain") || message.contains("certificate_required")
				|| message.contains("Empty server certificate chain")) {
			return CLIENT_CERTIFICATE;
		}
		if (message.contains("(protocol_version)") || message.contains("no cipher suites in common")
				|| message.contains("handshake_failure")) {
			return NOTHING_IN_COMMON;
		}
		return message.contains("Remote host terminated the handshake") ? CLIENT_GONE : OTHER;
	}

	private static boolean isEnd(Throwable cause) {
		return cause instanceof EOFException || cause instanceof ClosedChannelException
				|| cause instanceof SocketException
				|| (cause instanceof IOException && String.valueOf(cause.getMessage()).contains("onnection reset"));
	}

}
