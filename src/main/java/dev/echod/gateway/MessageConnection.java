package dev.echod.gateway;

import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * A connection whose messages share one set of headers, and find their way back to it by
 * a reply channel among them.
 */
public interface MessageConnection extends TcpConnection {

	/**
	 * The message that is being delivered, as it was received. Who takes a buffer owns
	 * its release.
	 * @return null when it was taken already
	 */
	@Nullable Object takePayload();

	/**
	 * The headers of all its messages.
	 */
	MessageHeaders messageHeaders(ConnectionMessageMapper mapper);

	/**
	 * Sends a reply. Its payload is taken; nobody is told when the peer is gone.
	 */
	void reply(Message<?> reply);

	/**
	 * Closes the connection: the reply to a message is missing, and none may follow.
	 * @param message which could not be handled; its payload is released
	 * @param cause why, which also tells the close reason
	 */
	void failed(Message<?> message, Throwable cause);

}
