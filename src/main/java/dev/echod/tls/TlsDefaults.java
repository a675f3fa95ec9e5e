package dev.echod.tls;

import javax.net.ssl.SSLParameters;

import org.springframework.boot.ssl.SslOptions;

/**
 * What holds where a bundle's options say nothing: TLS 1.3 and 1.2, and of their cipher
 * suites those with forward secrecy and authenticated encryption (RFC 9325, section 4.2).
 */
final class TlsDefaults {

	private static final String[] PROTOCOLS = { "TLSv1.3", "TLSv1.2" };

	private static final String[] CIPHERS = { "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256",
			"TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
			"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
			"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
			"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" };

	private TlsDefaults() {
	}

	/**
	 * The parameters that a bundle's options ask for. The server's order of cipher suites
	 * decides.
	 */
	static SSLParameters parameters(SslOptions options) {
		String[] ciphers = options.getCiphers();
		String[] protocols = options.getEnabledProtocols();
		SSLParameters parameters = new SSLParameters((ciphers != null) ? ciphers : CIPHERS,
				(protocols != null) ? protocols : PROTOCOLS);
		parameters.setUseCipherSuitesOrder(true);
		return parameters;
	}

	/**
	 * Has the JDK refuse a client's renegotiation, which costs the server more than the
	 * client; in the whole process, as it is asked once, before the first handshake.
	 */
	static void refuseRenegotiation() {
		System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
	}

}
