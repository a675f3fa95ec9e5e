package dev.echod.connection;

import java.net.InetSocketAddress;

/**
 * An accepted connection of a listener. Its counts may be read from any thread; they are
 * those of a moment ago.
 */
public interface OpenConnection {

	/**
	 * Short and typeable, such as {@code echo-1f3}; unique while the process runs.
	 */
	String id();

	/**
	 * The other end's address, as the socket has it.
	 */
	InetSocketAddress peer();

	/**
	 * Bytes read from the socket.
	 */
	long bytesReceived();

	/**
	 * Bytes handed over to be written to the socket.
	 */
	long bytesSent();

	/**
	 * Bytes that wait for the peer to take them, with what their keeping costs.
	 */
	long pendingBytes();

	/**
	 * Messages received.
	 */
	long messages();

}
