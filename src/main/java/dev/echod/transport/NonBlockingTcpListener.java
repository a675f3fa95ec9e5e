package dev.echod.transport;

import org.springframework.integration.ip.tcp.connection.TcpListener;

/**
 * A listener whose {@link #onMessage onMessage} never blocks. It is called on the
 * connection's event loop; any other listener is called on the connection factory's task
 * executor, one message of a connection at a time.
 */
public interface NonBlockingTcpListener extends TcpListener {

}
