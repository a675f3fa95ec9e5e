package dev.echod.listener;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

import dev.echod.admission.AdmissionLimits;
import dev.echod.connection.AddressRange;
import dev.echod.connection.TimeLimits;
import dev.echod.framing.Framing;
import dev.echod.proxy.ProxyProtocol;
import dev.echod.service.RelayProperties;
import dev.echod.tls.TlsProperties;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A listener: an address and port, and how it is served.
 *
 * @param enabled whether the listener is started
 * @param address address to listen on, and no other: 0.0.0.0 is all of IPv4, :: all of
 * both IPv4 and IPv6
 * @param port port to listen on; 0 for any that is free, which the log then names
 * @param concurrency what serves a connection
 * @param framing how bytes become messages
 * @param service what answers a message: echo, discard, broadcast, http, relay, or the
 * name of a bean that handles byte arrays
 * @param backlog connections that may wait to be accepted; the system's limit
 * (net.core.somaxconn) holds as well
 * @param reusePort whether other processes of the same user may listen on the port as
 * well, and the system spreads the clients over them (SO_REUSEPORT). Only on transports
 * io-uring and epoll
 * @param tcpNoDelay whether small writes are sent at once (TCP_NODELAY)
 * @param userTimeout how long what was sent may be without an answer, or untaken, before
 * the peer has vanished (TCP_USER_TIMEOUT); no longer than keep-alive takes; 0 leaves it
 * to the system. Only on transports io-uring and epoll
 * @param sendBuffer what the system keeps at most of what a peer has not taken
 * (SO_SNDBUF); 0 leaves it to the system
 * @param receiveBuffer what the system keeps at most of what was not read (SO_RCVBUF); 0
 * leaves it to the system
 * @param trafficClass traffic class of what is sent (IP_TOS): the DSCP times four
 * @param fastOpen clients that may send data before their handshake is complete
 * (TCP_FASTOPEN), if net.ipv4.tcp_fastopen lets servers; 0 is none. Only on transports
 * io-uring and epoll
 * @param deferAccept how long a client that sends nothing is not accepted
 * (TCP_DEFER_ACCEPT); 0 is not at all. Only on transports io-uring and epoll
 * @param maxSegment longest segment (TCP_MAXSEG); 0 leaves it to the system. Only on
 * transports io-uring and epoll
 * @param readBuffer largest single read
 * @param writeBufferHigh reading from a connection stops when more than this waits to be
 * written to it
 * @param writeBufferLow reading goes on when less than this waits to be written
 * @param maxFrame longest message of a framing other than stream; of http, longest head,
 * 16 KB at most
 * @param threads threads of concurrency thread
 * @param command program and arguments of concurrency process
 * @param processes processes that concurrency process runs at most
 * @param includeSender whether the broadcast service returns a message to its sender as
 * well
 * @param relay where the relay service forwards to
 * @param tls how connections are secured
 * @param proxyProtocol whether connections begin with a PROXY header, and whose is
 * believed
 * @param access which addresses may come in
 * @param keepAlive when a silent peer is asked whether it is there
 * @param limits how many may come in, and what a connection may do
 */
public record ListenerProperties(@DefaultValue("true") boolean enabled, @DefaultValue("0.0.0.0") InetAddress address,
		@DefaultValue("8080") @Min(0) @Max(65535) int port, @DefaultValue("event-loop") Concurrency concurrency,
		@DefaultValue("stream") Framing framing, @DefaultValue("echo") String service,
		@DefaultValue("4096") @Min(1) int backlog, @DefaultValue("false") boolean reusePort,
		@DefaultValue("true") boolean tcpNoDelay, @DefaultValue("8m") @DurationMin Duration userTimeout,
		@DefaultValue("0B") DataSize sendBuffer, @DefaultValue("0B") DataSize receiveBuffer,
		@DefaultValue("0") @Min(0) @Max(255) int trafficClass, @DefaultValue("0") @Min(0) @Max(65535) int fastOpen,
		@DefaultValue("0s") @DurationMin Duration deferAccept, @DefaultValue("0B") DataSize maxSegment,
		@DefaultValue("64KB") DataSize readBuffer, @DefaultValue("256KB") DataSize writeBufferHigh,
		@DefaultValue("64KB") DataSize writeBufferLow, @DefaultValue("1MB") DataSize maxFrame,
		@DefaultValue("virtual") Threads threads, @DefaultValue("cat") @NotEmpty List<String> command,
		@DefaultValue("256") @Min(1) int processes, @DefaultValue("true") boolean includeSender,
		@DefaultValue @Valid RelayProperties relay, @DefaultValue TlsProperties tls,
		@DefaultValue ProxyProtocol proxyProtocol, @DefaultValue Access access,
		@DefaultValue @Valid KeepAlive keepAlive, @DefaultValue @Valid Limits limits) {

	static final Duration DEFAULT_USER_TIMEOUT = Duration.ofMinutes(8);

	/**
	 * Which addresses may come in. The smallest range that an address is in decides; one
	 * in none may come in unless some are allowed.
	 *
	 * @param allow ranges of addresses that may, such as 10.0.0.0/8 or 2001:db8::/32
	 * @param deny ranges of addresses that may not
	 */
	public record Access(@DefaultValue List<AddressRange> allow, @DefaultValue List<AddressRange> deny) {

	}

	/**
	 * When a silent peer is asked whether it is there (SO_KEEPALIVE).
	 *
	 * @param idle how long it is silent then (TCP_KEEPIDLE); 0 is never
	 * @param interval time between two questions (TCP_KEEPINTVL)
	 * @param count questions without an answer, after which it has vanished (TCP_KEEPCNT)
	 */
	public record KeepAlive(@DefaultValue("5m") @DurationMin Duration idle,
			@DefaultValue("30s") @DurationMin Duration interval, @DefaultValue("6") @Min(1) @Max(127) int count) {

		static final KeepAlive DEFAULT = new KeepAlive(Duration.ofMinutes(5), Duration.ofSeconds(30), 6);

	}

	/**
	 * How many may come in, and what a connection may do.
	 *
	 * @param connections connections open at a time; 0 is no limit
	 * @param connectionsPerAddress connections open at a time from one IPv4 address, or
	 * from one IPv6 /64; 0 is no limit
	 * @param acceptsPerSecond connections accepted in a second, in the long run; the
	 * others wait in the backlog; 0 is no limit
	 * @param readBytesPerSecond bytes that are read from a connection in a second, in the
	 * long run; 0 is no limit
	 * @param writeBytesPerSecond bytes that are sent to a connection in a second, in the
	 * long run: who was sent more is not read from meanwhile; 0 is no limit
	 * @param idle how long nothing may be read, written or owed; 0 is forever
	 * @param maxAge how old a connection may become, each another part of the last tenth
	 * younger; 0 is forever
	 * @param writeStall how long a peer may not read what is sent to it; 0 is forever
	 * @param handshake how long a PROXY header and a TLS handshake may take together; 0
	 * is forever
	 */
	public record Limits(@DefaultValue("0") @Min(0) int connections,
			@DefaultValue("0") @Min(0) int connectionsPerAddress,
			@DefaultValue("0") @Min(0) @Max(MAX_ACCEPTS_PER_SECOND) int acceptsPerSecond,
			@DefaultValue("0B") DataSize readBytesPerSecond, @DefaultValue("0B") DataSize writeBytesPerSecond,
			@DefaultValue("0s") @DurationMin @DurationMax(days = MAX_LIFE_DAYS) Duration idle,
			@DefaultValue("0s") @DurationMin @DurationMax(days = MAX_LIFE_DAYS) Duration maxAge,
			@DefaultValue("60s") @DurationMin @DurationMax(days = MAX_STALL_DAYS) Duration writeStall,
			@DefaultValue("10s") @DurationMin @DurationMax(days = MAX_STALL_DAYS) Duration handshake) {

		public static final int MAX_ACCEPTS_PER_SECOND = 1_000_000;

		/**
		 * Of {@code idle} and {@code max-age}.
		 */
		public static final int MAX_LIFE_DAYS = 30;

		/**
		 * Of {@code write-stall} and {@code handshake}.
		 */
		public static final int MAX_STALL_DAYS = 1;

		AdmissionLimits admission() {
			return new AdmissionLimits(this.connections, this.connectionsPerAddress, this.acceptsPerSecond);
		}

		TimeLimits times() {
			return new TimeLimits(this.writeStall, this.idle, this.maxAge, this.handshake);
		}

	}

}
