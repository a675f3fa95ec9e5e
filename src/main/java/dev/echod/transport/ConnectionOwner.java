package dev.echod.transport;

/**
 * The factory a connection belongs to. Called on the connection's event loop.
 */
interface ConnectionOwner {

	void opened(NettyTcpConnection connection);

	void closed(NettyTcpConnection connection);

}
