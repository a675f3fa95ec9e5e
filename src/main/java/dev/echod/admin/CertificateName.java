package dev.echod.admin;

import java.util.Locale;

/**
 * What of a certificate says whose it is.
 */
public enum CertificateName {

	/**
	 * The common name of its subject; of several the most specific.
	 */
	CN,

	/**
	 * Its subjectAltName (RFC 5280): each DNS name, e-mail address and URI.
	 */
	SAN;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
