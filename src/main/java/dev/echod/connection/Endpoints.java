package dev.echod.connection;

import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * Who is at the ends of a connection, and what they agreed on.
 *
 * @param peer the other end, as the socket has it
 * @param local this end, as the socket has it
 * @param proxied whom the peer stands for, as its PROXY header says; null when it stands
 * for itself
 * @param tls null when the connection is not encrypted
 */
public record Endpoints(InetSocketAddress peer, InetSocketAddress local, @Nullable InetSocketAddress proxied,
		@Nullable TlsDetails tls) {

	/**
	 * Of a connection without a proxy and not encrypted.
	 */
	public Endpoints(InetSocketAddress peer, InetSocketAddress local) {
		this(peer, local, null, null);
	}

	/**
	 * With whom the peer stands for.
	 */
	public Endpoints proxied(@Nullable InetSocketAddress client) {
		return new Endpoints(this.peer, this.local, client, this.tls);
	}

	/**
	 * With what was agreed on.
	 */
	public Endpoints encrypted(TlsDetails details) {
		return new Endpoints(this.peer, this.local, this.proxied, details);
	}

	/**
	 * Who is served: whom the peer stands for, or itself.
	 */
	public InetSocketAddress client() {
		return (this.proxied != null) ? this.proxied : this.peer;
	}

}
