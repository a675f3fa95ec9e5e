package dev.echod.connection;

import org.jspecify.annotations.Nullable;

/**
 * What a connection's TLS handshake agreed on.
 *
 * @param version such as {@code TLSv1.3}
 * @param cipherSuite such as {@code TLS_AES_256_GCM_SHA384}
 * @param serverName the host name that the client asked for (SNI, RFC 6066); null when it
 * asked for none
 * @param clientSubject the subject of the client's certificate (RFC 2253), of a long one
 * its beginning; null without one
 * @param resumed whether an earlier session was resumed
 */
public record TlsDetails(String version, String cipherSuite, @Nullable String serverName,
		@Nullable String clientSubject, boolean resumed) {

	/**
	 * As one word and what follows it, for a log's line.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(this.version).append(' ').append(this.cipherSuite);
		if (this.serverName != null) {
			text.append(", server name ").append(this.serverName);
		}
		if (this.clientSubject != null) {
			text.append(", client ").append(this.clientSubject);
		}
		return this.resumed ? text.append(", resumed").toString() : text.toString();
	}

}
