package dev.echod.transport;

import dev.echod.connection.CloseReason;

/**
 * The factory a connection belongs to. Called on the connection's event loop.
 */
interface ConnectionOwner {

	void opened(NettyTcpConnection connection);

	void closed(NettyTcpConnection connection, CloseReason reason);

}
