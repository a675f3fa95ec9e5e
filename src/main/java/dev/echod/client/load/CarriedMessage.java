package dev.echod.client.load;

import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.integration.ip.tcp.connection.TcpMessageMapper;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

import dev.echod.gateway.MessageConnection;

/**
 * A message whose payload changes: one carries all that the connections of an event loop
 * send, another all that they receive, and no message is made for each. Used on that
 * event loop, by who does not keep it.
 */
final class CarriedMessage implements Message<Object> {

	private static final MessageHeaders NO_HEADERS = new MessageHeaders(Map.of());

	private @Nullable Object payload;

	/**
	 * It, with another payload.
	 */
	CarriedMessage with(Object next) {
		this.payload = next;
		return this;
	}

	@Override
	public Object getPayload() {
		return Objects.requireNonNull(this.payload);
	}

	@Override
	public MessageHeaders getHeaders() {
		return NO_HEADERS;
	}

	/**
	 * Puts what connections receive into one message.
	 */
	static final class Mapper extends TcpMessageMapper {

		private final CarriedMessage received = new CarriedMessage();

		@Override
		public @Nullable Message<?> toMessage(TcpConnection connection, @Nullable Map<String, Object> headers) {
			Object payload = ((MessageConnection) connection).takePayload();
			return (payload != null) ? this.received.with(payload) : null;
		}

		@Override
		public Object fromMessage(Message<?> message) {
			return message.getPayload();
		}

	}

}
