package dev.echod.gateway;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.integration.ip.tcp.connection.TcpMessageMapper;
import org.springframework.integration.mapping.BytesMessageMapper;
import org.springframework.integration.support.MutableMessageHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.GenericMessage;

/**
 * Maps between what a {@link MessageConnection} receives and messages, without copying.
 * All messages of a connection share one immutable set of headers: the standard ones, the
 * custom ones, and a reply channel that writes to the connection; no id and no timestamp.
 * <p>
 * On event loops the payload is a buffer, or what the framing's decoder makes of a
 * message. Whoever takes it owns its release; sending it to the reply channel takes it,
 * and so does handling the message, unless that throws.
 */
public class ConnectionMessageMapper extends TcpMessageMapper {

	private boolean copying;

	/**
	 * Whether payloads are byte arrays, copied from the buffers.
	 */
	public void setCopying(boolean copying) {
		this.copying = copying;
	}

	@Override
	public @Nullable Message<?> toMessage(TcpConnection connection, @Nullable Map<String, Object> headers) {
		if (connection instanceof MessageConnection known) {
			return toMessage(known);
		}
		throw new IllegalArgumentException("%s maps messages of a %s only, not of %s".formatted(
				getClass().getSimpleName(), MessageConnection.class.getSimpleName(), connection.getClass().getName()));
	}

	/**
	 * Makes a message of what a connection received.
	 * @return null when it was taken already
	 */
	public @Nullable Message<?> toMessage(MessageConnection connection) {
		Object payload = this.copying ? connection.getPayload() : connection.takePayload();
		return (payload != null) ? new GenericMessage<>(payload, connection.messageHeaders(this)) : null;
	}

	/**
	 * The payload; text as its bytes.
	 */
	@Override
	public @Nullable Object fromMessage(Message<?> message) {
		return (message.getPayload() instanceof String) ? super.fromMessage(message) : message.getPayload();
	}

	/**
	 * Makes the headers that a connection's messages share.
	 */
	public MessageHeaders newHeaders(MessageConnection connection) {
		MutableMessageHeaders headers = new MutableMessageHeaders(null);
		addStandardHeaders(connection, headers);
		addCustomHeaders(connection, headers);
		headers.put(MessageHeaders.REPLY_CHANNEL, new ReplyChannel(connection));
		return new ConnectionHeaders(headers);
	}

	/**
	 * Not supported: the headers are the same for all messages of a connection.
	 */
	@Override
	public void setApplySequence(boolean applySequence) {
		if (applySequence) {
			throw new UnsupportedOperationException(
					"'applySequence' of %s is not supported: ".formatted(getClass().getSimpleName())
							+ "all messages of a connection share their headers");
		}
	}

	/**
	 * Not supported: messages are passed on without a copy.
	 */
	@Override
	public void setBytesMessageMapper(BytesMessageMapper bytesMessageMapper) {
		throw new UnsupportedOperationException(
				"'bytesMessageMapper' of %s is not supported: ".formatted(getClass().getSimpleName())
						+ "messages are passed on without a copy");
	}

	private static final class ConnectionHeaders extends MessageHeaders {

		private static final long serialVersionUID = 1L;

		ConnectionHeaders(Map<String, Object> headers) {
			super(headers, ID_VALUE_NONE, -1L);
		}

	}

}
