package dev.echod.service;

import org.jspecify.annotations.Nullable;

import org.springframework.context.Lifecycle;
import org.springframework.integration.ip.tcp.connection.TcpSender;
import org.springframework.messaging.MessageHandler;

/**
 * What answers the messages of a listener.
 *
 * @param handler takes each message, and sends the reply to its reply channel
 * @param payload what it asks for
 * @param mayBlock whether it may block: event loops then hand it the messages on virtual
 * threads
 * @param members learns of the listener's connections; null when it need not
 * @param upstream what it depends on; null when on nothing
 */
public record Service(MessageHandler handler, Payload payload, boolean mayBlock, @Nullable TcpSender members,
		@Nullable Upstream upstream) {

	static Service inline(MessageHandler handler) {
		return new Service(handler, Payload.BUFFER, false, null, null);
	}

	/**
	 * What a message carries.
	 */
	public enum Payload {

		/**
		 * The buffer that was read, or an HTTP request.
		 */
		BUFFER,

		/**
		 * A byte array.
		 */
		BYTES

	}

	/**
	 * Another service that this one depends on.
	 */
	public interface Upstream extends Lifecycle {

		/**
		 * Where it is, as HOST:PORT.
		 */
		String address();

		/**
		 * Looks whether it can be reached, for a second at most.
		 * @return why not; null when it can
		 */
		@Nullable String check();

	}

}
