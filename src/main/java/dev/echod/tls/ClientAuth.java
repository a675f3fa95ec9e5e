package dev.echod.tls;

import java.util.Locale;

import javax.net.ssl.SSLParameters;

/**
 * Whether clients show a certificate.
 */
public enum ClientAuth {

	/**
	 * They are not asked for one.
	 */
	NONE,

	/**
	 * They are asked, and may have none; one that is shown has to be trusted.
	 */
	WANT,

	/**
	 * Who has none that is trusted is not served.
	 */
	NEED;

	void applyTo(SSLParameters parameters) {
		switch (this) {
			case NONE -> parameters.setNeedClientAuth(false);
			case WANT -> parameters.setWantClientAuth(true);
			case NEED -> parameters.setNeedClientAuth(true);
		}
	}

	/**
	 * The name as in the {@code client-auth} property: {@code need}.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
