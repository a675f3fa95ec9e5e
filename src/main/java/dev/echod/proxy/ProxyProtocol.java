package dev.echod.proxy;

import java.net.InetAddress;
import java.util.List;

import dev.echod.connection.AddressRange;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether a listener's connections begin with a PROXY header, and whom it believes one.
 *
 * @param mode whether they do
 * @param trusted ranges of addresses that proxies have, such as 10.0.0.0/8 or
 * 2001:db8::/32: a header from elsewhere is never believed
 */
public record ProxyProtocol(@DefaultValue("off") ProxyMode mode, @DefaultValue List<AddressRange> trusted) {

	public boolean isOn() {
		return this.mode != ProxyMode.OFF;
	}

	/**
	 * Whether a header from there is believed.
	 */
	public boolean trusts(InetAddress peer) {
		return isOn() && this.trusted.stream().anyMatch((range) -> range.contains(peer));
	}

	/**
	 * Makes what reads the beginning of a connection.
	 * @throws ProxyException if it is not to be read: where a header is required, who may
	 * send none cannot be served, and hears so at once
	 */
	public ProxyReader reader(InetAddress peer) throws ProxyException {
		boolean required = this.mode == ProxyMode.REQUIRED;
		boolean trusted = trusts(peer);
		if (required && !trusted) {
			throw ProxyException.untrusted();
		}
		return new ProxyReader(required, trusted);
	}

}
