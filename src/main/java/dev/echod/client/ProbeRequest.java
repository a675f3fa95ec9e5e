package dev.echod.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.echod.framing.Framing;
import dev.echod.tls.ClientTls;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What a probe sends, and where.
 *
 * @param host a name or an address
 * @param port from 1 to 65535
 * @param payload the text of a message, sent as UTF-8; 1 byte to 1 MiB
 * @param count how many messages, one after the other; 0 only connects
 * @param timeout how long to wait for the connection, and for each reply; at least 1 ms
 * @param framing how messages are framed; not http
 * @param tls how the connection is secured; null when it is not
 */
public record ProbeRequest(String host, int port, String payload, int count, Duration timeout, Framing framing,
		@Nullable Tls tls) {

	/**
	 * What a probe sends when nobody says what.
	 */
	public static final String DEFAULT_PAYLOAD = "ping";

	/**
	 * How long a probe waits when nobody says how long.
	 */
	public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

	private static final int MAX_BYTES = 1024 * 1024;

	private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(1);

	private static final Duration LONGEST_TIMEOUT = Duration.ofDays(24);

	public ProbeRequest {
		Assert.hasText(host, "host must not be empty");
		Assert.isTrue(port >= 1 && port <= 65535, () -> "port must be from 1 to 65535, but is " + port);
		int bytes = payload.getBytes(StandardCharsets.UTF_8).length;
		Assert.isTrue(bytes >= 1 && bytes <= MAX_BYTES,
				() -> "payload must have from 1 to %d bytes, but has %d".formatted(MAX_BYTES, bytes));
		Assert.isTrue(framing != Framing.HTTP, "framing must not be http");
		Assert.isTrue(count >= 0, () -> "count must be at least 0, but is " + count);
		Assert.isTrue(timeout.compareTo(SHORTEST_TIMEOUT) >= 0 && timeout.compareTo(LONGEST_TIMEOUT) <= 0,
				() -> "timeout must be from 1 ms to 24 days, but is " + timeout);
	}

	/**
	 * Of a connection that is not secured.
	 */
	public ProbeRequest(String host, int port, String payload, int count, Duration timeout, Framing framing) {
		this(host, port, payload, count, timeout, framing, null);
	}

	/**
	 * The same over a connection that is secured.
	 */
	public ProbeRequest secured(Tls secured) {
		return new ProbeRequest(this.host, this.port, this.payload, this.count, this.timeout, this.framing, secured);
	}

	/**
	 * The size of a message, in bytes.
	 */
	public int size() {
		return bytes().length;
	}

	byte[] bytes() {
		return this.payload.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * How a probe's connection is secured.
	 *
	 * @param tls whom it trusts, and what it shows
	 * @param serverName the host name that is sent, and looked for in the server's
	 * certificate; null for the host that is connected to
	 */
	public record Tls(ClientTls tls, @Nullable String serverName) {

	}

}
