package dev.echod.proxy;

import java.util.Locale;

/**
 * Whether connections begin with a PROXY header.
 */
public enum ProxyMode {

	/**
	 * They do not: what comes first is data.
	 */
	OFF,
	/**
	 * Those of trusted proxies may.
	 */
	OPTIONAL,
	/**
	 * They do, and come from trusted proxies only.
	 */
	REQUIRED;

	/**
	 * As it is written in properties.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
