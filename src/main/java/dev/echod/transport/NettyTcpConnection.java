package dev.echod.transport;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLSession;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ServedConnection;
import dev.echod.framing.ByteArrayStreamSerializer;
import dev.echod.framing.Framing;
import dev.echod.framing.HttpReply;
import dev.echod.gateway.CloseReasons;
import dev.echod.gateway.ConnectionMessageMapper;
import dev.echod.gateway.MessageConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.serializer.Deserializer;
import org.springframework.core.serializer.Serializer;
import org.springframework.integration.ip.tcp.connection.NoListenerException;
import org.springframework.integration.ip.tcp.connection.SocketInfo;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.connection.TcpListener;
import org.springframework.integration.ip.tcp.connection.TcpMessageMapper;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.MessagingException;
import org.springframework.util.Assert;

/**
 * A connection on an event loop, as Spring Integration sees it.
 * <p>
 * Reading stops while the peer does not take what is written to it, or the listener is
 * behind, and goes on when they have caught up. A peer's FIN is a normal event: the
 * messages before it are handled, every reply is sent, and only then is the connection
 * closed.
 */
public final class NettyTcpConnection extends ChannelConnection implements MessageConnection {

	private final ConnectionOutput output;

	private final ChannelWire wire;

	private final ConnectionOwner owner;

	private TcpConnectionSupport outermost = this;

	@SuppressWarnings("NullAway.Init") // set before anything else happens
	private ConnectionInput input;

	/**
	 * Whether it has its listener and serializers.
	 */
	private volatile boolean completed;

	/**
	 * A deserializer that was set and is not used yet.
	 */
	private volatile @Nullable Deserializer<?> next;

	/**
	 * Null when the serializers frame the messages.
	 */
	private @Nullable Framing framing;

	private @Nullable Object payload;

	/**
	 * Whether a buffer is a reply as it is, whoever maps it.
	 */
	private boolean plain;

	private @Nullable MessageHeaders messageHeaders;

	/**
	 * The mapper, if it is ours: asking it for each message what a connection is would
	 * cost more than the rest.
	 */
	private @Nullable ConnectionMessageMapper ownMapper;

	/**
	 * Create a connection.
	 * @param readTimeoutMillis how long it may be silent; 0 is forever
	 */
	NettyTcpConnection(SocketChannel channel, boolean server, ServedConnection served, ConnectionOutput output,
			ChannelWire wire, ConnectionOwner owner, int readTimeoutMillis, ApplicationEventPublisher eventPublisher) {
		super(channel, server, served, readTimeoutMillis, eventPublisher);
		this.output = output;
		this.wire = wire;
		this.owner = owner;
	}

	/**
	 * Sets what its messages come from.
	 */
	void receiveBy(ConnectionInput receiving) {
		this.input = receiving;
	}

	/**
	 * Completes the connection once it has its listener and serializers.
	 * @param wrapped the last of the interceptors around this connection, or this
	 * @param frames how bytes become messages; null for the serializers to say
	 */
	void complete(TcpConnectionSupport wrapped, @Nullable Frames frames) {
		this.outermost = wrapped;
		this.framing = (frames != null) ? frames.framing() : null;
		mapBy(getMapper());
		this.output.frame(this.framing);
		if (frames == null) {
			decodeWith(getDeserializer());
		}
		else if (frames.framing() != Framing.STREAM) {
			this.input.decodeWith(frames.framing().decoder(frames.maxFrame()));
		}
		else {
			this.input.deliverDirectly();
		}
		this.completed = true;
	}

	private void decodeWith(Deserializer<?> deserializer) {
		this.input.decodeWith(
				(deserializer instanceof ByteArrayStreamSerializer) ? null : new DeserializerDecoder(deserializer));
	}

	ConnectionOutput output() {
		return this.output;
	}

	ChannelWire wire() {
		return this.wire;
	}

	@Override
	public void setMapper(TcpMessageMapper mapper) {
		super.setMapper(mapper);
		mapBy(mapper);
	}

	private void mapBy(TcpMessageMapper mapper) {
		this.ownMapper = (mapper instanceof ConnectionMessageMapper own) ? own : null;
		this.plain = this.outermost == this && this.framing == Framing.STREAM
				&& mapper.getClass() == ConnectionMessageMapper.class;
	}

	/**
	 * Sets a deserializer, which takes the messages from now on; not used where the
	 * connection factory was given a framing.
	 */
	@Override
	public void setDeserializer(Deserializer<?> deserializer) {
		super.setDeserializer(deserializer);
		if (this.completed && this.framing == null) {
			this.next = deserializer;
			this.wire.execute(this::useNextDeserializer);
		}
	}

	/**
	 * Has a deserializer that was set take what is read from now on; called on the event
	 * loop.
	 */
	void useNextDeserializer() {
		Deserializer<?> deserializer = this.next;
		if (deserializer != null) {
			this.next = null;
			decodeWith(deserializer);
		}
	}

	/**
	 * Hands a message to the listener; called for one message at a time.
	 * @param received a buffer, or what the decoder made of the bytes
	 */
	void deliver(Object received) {
		this.payload = received;
		try {
			Message<?> message = toMessage();
			if (message != null) {
				deliver(message);
			}
		}
		finally {
			ReferenceCountUtil.release(this.payload);
			this.payload = null;
		}
	}

	private @Nullable Message<?> toMessage() {
		try {
			return (this.ownMapper != null) ? this.ownMapper.toMessage(this) : getMapper().toMessage(this);
		}
		catch (RuntimeException ex) {
			served().life().abandon();
			this.wire.execute(() -> this.input.failed(ex, CloseReason.INVALID_MESSAGE));
			return null;
		}
	}

	private void deliver(Message<?> message) {
		try {
			TcpListener listener = getListener();
			if (listener == null) {
				throw new NoListenerException("No listener");
			}
			listener.onMessage(message);
		}
		catch (NoListenerException ex) {
			this.logger.warn("Unexpected message on %s, nothing listens".formatted(getConnectionId()));
		}
		catch (Exception | Error ex) {
			this.logger.error("Failed to handle a message of %s".formatted(getConnectionId()), ex);
		}
	}

	/**
	 * The message that is being delivered: what the deserializer made of it; otherwise
	 * its bytes. Null when it was taken already.
	 */
	@Override
	public @Nullable Object getPayload() {
		Object taken = this.payload;
		this.payload = null;
		if (taken instanceof ByteBuf buffer) {
			try {
				return ByteBufUtil.getBytes(buffer);
			}
			finally {
				buffer.release();
			}
		}
		return taken;
	}

	/**
	 * Interceptors are given bytes: they know of no buffers that are to be released.
	 */
	@Override
	public @Nullable Object takePayload() {
		if (this.outermost != this) {
			return getPayload();
		}
		Object taken = this.payload;
		this.payload = null;
		return taken;
	}

	@Override
	public MessageHeaders messageHeaders(ConnectionMessageMapper mapper) {
		MessageHeaders headers = this.messageHeaders;
		if (headers == null) {
			headers = mapper.newHeaders(this);
			this.messageHeaders = headers;
		}
		return headers;
	}

	@Override
	public void reply(Message<?> reply) {
		try {
			if (this.plain && reply.getPayload() instanceof ByteBuf bytes) {
				this.output.send(bytes);
			}
			else if (this.outermost != this) {
				this.outermost.send(reply);
			}
			else {
				write(reply);
			}
		}
		catch (Exception | Error ex) {
			this.logger.debug("A reply of %s could not be sent".formatted(getConnectionId()), ex);
			served().abandon(CloseReasons.ofService(ex));
		}
	}

	@Override
	public void failed(Message<?> message, Throwable cause) {
		ReferenceCountUtil.safeRelease(message.getPayload());
		served().abandon(CloseReasons.ofService(cause));
	}

	/**
	 * Sends a message. On an event loop it returns at once; another thread waits while
	 * the peer does not take what was sent before.
	 * @throws MessagingException if the message cannot be serialized or the connection
	 * has ended; it is then closed
	 */
	@Override
	public void send(Message<?> message) {
		try {
			if (!write(message)) {
				throw this.output.failure();
			}
		}
		catch (Exception ex) {
			MessagingException failure = new MessagingException(message, "Send Failed", ex);
			publishConnectionExceptionEvent(failure);
			closeConnection(true);
			throw failure;
		}
	}

	private boolean write(Message<?> message) {
		Object mapped = getMapper().fromMessage(message);
		try {
			Assert.state(mapped != null, () -> "The mapper returned null for message: " + message);
			boolean taken = this.output
				.send((this.framing != null) ? framed(this.framing, mapped) : serialized(mapped));
			if (mapped instanceof HttpReply reply && reply.isLast()) {
				served().close(CloseReason.CLOSED);
			}
			return taken;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new MessagingException(message, "Interrupted while sending", ex);
		}
	}

	private static Object framed(Framing known, Object mapped) {
		Object content = (mapped instanceof byte[] bytes) ? Unpooled.wrappedBuffer(bytes) : mapped;
		if (content instanceof ByteBuf buffer) {
			try {
				known.check(buffer.readableBytes());
			}
			catch (IllegalArgumentException ex) {
				buffer.release();
				throw ex;
			}
			return buffer;
		}
		Assert.isTrue(known == Framing.HTTP && content instanceof HttpReply,
				() -> "Framing %s does not know %s".formatted(known, content.getClass().getName()));
		return content;
	}

	private ByteBuf serialized(Object mapped) {
		if (mapped instanceof ByteBuf bytes) {
			if (getSerializer() instanceof ByteArrayStreamSerializer) {
				return bytes;
			}
			byte[] copy = ByteBufUtil.getBytes(bytes);
			bytes.release();
			return serialized(copy);
		}
		ByteBuf buffer = channel().alloc().ioBuffer();
		try (OutputStream stream = new ByteBufOutputStream(buffer)) {
			@SuppressWarnings("unchecked")
			Serializer<Object> serializer = (Serializer<Object>) getSerializer();
			serializer.serialize(mapped, stream);
			return buffer;
		}
		catch (IOException ex) {
			buffer.release();
			throw new UncheckedIOException(ex);
		}
		catch (RuntimeException ex) {
			buffer.release();
			throw ex;
		}
	}

	/**
	 * Sends a FIN after all that was sent. Replies are still received.
	 */
	@Override
	public void shutdownOutput() {
		this.wire.execute(() -> {
			served().life().shutdownOutput();
			this.input.adjust();
		});
	}

	/**
	 * Closes in order, and returns at once: what was handed on is handled and what was
	 * sent is delivered, for ten seconds at most; then comes our FIN, and for another
	 * second the peer's is awaited. The close event comes when it is gone.
	 */
	@Override
	public void close() {
		served().close(CloseReason.CLOSED);
	}

	/**
	 * Holds back what the peer sends, or goes on; called on the event loop.
	 */
	void hold(boolean hold) {
		this.input.hold(hold);
	}

	void opened() {
		this.owner.opened(this);
	}

	void publishOpened() {
		publishConnectionOpenEvent();
	}

	void publishFailure(Throwable cause) {
		publishConnectionExceptionEvent(cause);
	}

	/**
	 * The channel is gone.
	 */
	void ended() {
		this.owner.closed(this);
	}

	/**
	 * Tells interceptors, senders, the application and those who wait for a reply that
	 * the connection is closed.
	 */
	void publishClosed() {
		closeConnection(false);
		super.close();
		Exception failure = this.output.failure();
		if (!(failure instanceof ClosedChannelException)) {
			sendExceptionToListener(failure);
		}
		else if (!isServer()) {
			sendExceptionToListener(new EOFException("Connection is closed"));
		}
	}

}
