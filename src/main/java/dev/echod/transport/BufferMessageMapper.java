package dev.echod.transport;

import java.util.Map;

import dev.echod.framing.HttpReply;
import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.integration.ip.tcp.connection.TcpMessageMapper;
import org.springframework.integration.mapping.BytesMessageMapper;
import org.springframework.integration.support.MutableMessageHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.GenericMessage;

/**
 * Maps between a {@link NettyTcpConnection}'s buffers and messages without copying. All
 * messages of a connection share one immutable set of headers: the standard ones, the
 * custom ones, and a reply channel that writes to the connection; no id and no timestamp.
 * <p>
 * With the {@code stream} framing the payload is a {@link ByteBuf}. Whoever takes it owns
 * its release; sending it to the reply channel takes it.
 */
public class BufferMessageMapper extends TcpMessageMapper {

	private boolean copying;

	/**
	 * Whether payloads are byte arrays, copied from the buffers.
	 */
	public void setCopying(boolean copying) {
		this.copying = copying;
	}

	/**
	 * Releases the buffer of a message that nobody takes.
	 */
	public static void release(Message<?> message) {
		ReferenceCountUtil.release(message.getPayload());
	}

	@Override
	public @Nullable Message<?> toMessage(TcpConnection connection, @Nullable Map<String, Object> headers) {
		if (connection instanceof NettyTcpConnection nettyConnection) {
			Object payload = this.copying ? nettyConnection.getPayload() : nettyConnection.takePayload();
			return (payload != null) ? new GenericMessage<>(payload, nettyConnection.messageHeaders(this)) : null;
		}
		throw new IllegalArgumentException("%s maps messages of a %s only, not of %s".formatted(
				getClass().getSimpleName(), NettyTcpConnection.class.getSimpleName(), connection.getClass().getName()));
	}

	@Override
	public @Nullable Object fromMessage(Message<?> message) {
		return switch (message.getPayload()) {
			case ByteBuf buffer -> buffer;
			case HttpReply reply -> reply;
			default -> super.fromMessage(message);
		};
	}

	MessageHeaders newHeaders(NettyTcpConnection connection) {
		MutableMessageHeaders headers = new MutableMessageHeaders(null);
		addStandardHeaders(connection, headers);
		addCustomHeaders(connection, headers);
		headers.put(MessageHeaders.REPLY_CHANNEL, connection.replyChannel());
		return new ConnectionHeaders(headers);
	}

	/**
	 * Not supported: the headers are the same for all messages of a connection.
	 */
	@Override
	public void setApplySequence(boolean applySequence) {
		UnsupportedSetting.refuse(applySequence, this, "applySequence",
				"all messages of a connection share their headers");
	}

	/**
	 * Not supported: buffers are passed on without a copy.
	 */
	@Override
	public void setBytesMessageMapper(BytesMessageMapper bytesMessageMapper) {
		UnsupportedSetting.refuse(true, this, "bytesMessageMapper", "buffers are passed on without a copy");
	}

	private static final class ConnectionHeaders extends MessageHeaders {

		private static final long serialVersionUID = 1L;

		ConnectionHeaders(Map<String, Object> headers) {
			super(headers, ID_VALUE_NONE, -1L);
		}

	}

}
