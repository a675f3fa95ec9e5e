package dev.echod.gateway;

import org.springframework.integration.ip.tcp.connection.TcpListener;

/**
 * A listener that does not wait for replies. Unless what is behind it may block, it is
 * called on the connection's event loop; any other listener is called on the connection
 * factory's task executor, one message of a connection at a time.
 */
public interface NonBlockingTcpListener extends TcpListener {

	/**
	 * Whether {@link #onMessage onMessage} may block all the same.
	 */
	default boolean mayBlock() {
		return false;
	}

}
