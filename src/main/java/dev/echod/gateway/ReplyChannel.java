package dev.echod.gateway;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;

/**
 * Sends what it is given to the peer of a connection.
 */
record ReplyChannel(MessageConnection connection) implements MessageChannel {

	/**
	 * Takes the message in any case: who sends a reply is not told of a peer that is
	 * gone, nor of a message that cannot be sent. Then its connection is closed.
	 */
	@Override
	public boolean send(Message<?> reply, long timeout) {
		this.connection.reply(reply);
		return true;
	}

}
