package dev.echod.proxy;

import java.io.Serial;

import dev.echod.connection.ArrivalFailedException;
import dev.echod.connection.CloseReason;

/**
 * A connection does not begin as its listener demands.
 */
public final class ProxyException extends ArrivalFailedException {

	@Serial
	private static final long serialVersionUID = 1L;

	private ProxyException(CloseReason reason, String message) {
		super(reason, message);
	}

	static ProxyException invalid(String message) {
		return new ProxyException(CloseReason.PROXY_INVALID, message);
	}

	static ProxyException untrusted() {
		return new ProxyException(CloseReason.PROXY_UNTRUSTED, "The peer is not trusted to send a PROXY header");
	}

	static ProxyException late() {
		return new ProxyException(CloseReason.HANDSHAKE_TIMEOUT, "The PROXY header did not come in time");
	}

}
