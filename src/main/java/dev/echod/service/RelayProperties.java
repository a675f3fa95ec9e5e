package dev.echod.service;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where a relay forwards messages to.
 *
 * @param host name or address; needed by the relay service
 * @param port port; needed by the relay service
 * @param connections connections to it; each carries one message at a time
 * @param timeout how long a message waits for one of them, for it to be made, for the
 * upstream to take it, and for the reply
 * @param tls how the connections are secured
 */
public record RelayProperties(@DefaultValue("") String host, @DefaultValue("0") @Min(0) @Max(65535) int port,
		@DefaultValue("8") @Min(1) @Max(1000) int connections,
		@DefaultValue("10s") @DurationMin(seconds = 1) @DurationMax(days = 1) Duration timeout, @DefaultValue Tls tls) {

	/**
	 * As HOST:PORT.
	 */
	String address() {
		return this.host + ":" + this.port;
	}

	/**
	 * How the connections are secured.
	 *
	 * @param bundle SSL bundle that says whom to trust, and may have a certificate to
	 * show; empty for no TLS
	 */
	public record Tls(@DefaultValue("") String bundle) {

	}

}
