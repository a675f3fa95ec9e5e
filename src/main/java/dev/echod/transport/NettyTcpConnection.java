package dev.echod.transport;

import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ServedConnection;
import dev.echod.framing.Framing;
import dev.echod.framing.HttpReply;
import dev.echod.gateway.CloseReasons;
import dev.echod.gateway.ConnectionMessageMapper;
import dev.echod.gateway.MessageConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.serializer.Deserializer;
import org.springframework.integration.ip.tcp.connection.NoListenerException;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.connection.TcpListener;
import org.springframework.integration.ip.tcp.connection.TcpMessageMapper;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.MessagingException;

/**
 * A connection on an event loop, as Spring Integration sees it.
 * <p>
 * Reading stops while the peer does not take what is written to it, or the listener is
 * behind, and goes on when they have caught up. A peer's FIN is a normal event: the
 * messages before it are handled, all replies sent, and then the connection is closed.
 */
public final class NettyTcpConnection extends ChannelConnection implements MessageConnection {

	private TcpConnectionSupport outermost = this;

	/**
	 * Null until it has its listener and serializers.
	 */
	private volatile @Nullable Decoding decoding;

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
			ChannelWire wire, FactoryConnections owner, int readTimeoutMillis,
			ApplicationEventPublisher eventPublisher) {
		super(channel, server, served, output, wire, owner, readTimeoutMillis, eventPublisher);
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
		this.decoding = (frames != null) ? Decoding.by(frames) : Decoding.by(getDeserializer());
	}

	/**
	 * How messages are cut out of what is read from now on; from any thread.
	 */
	@Nullable Decoding decoding() {
		return this.decoding;
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
		this.messageHeaders = null;
	}

	/**
	 * Sets a deserializer, which takes the messages from now on; not used where the
	 * connection factory was given a framing.
	 */
	@Override
	public void setDeserializer(Deserializer<?> deserializer) {
		super.setDeserializer(deserializer);
		if (this.decoding != null && this.framing == null) {
			this.decoding = Decoding.by(deserializer);
		}
	}

	/**
	 * Hands a message to the listener; called for one message at a time.
	 * @param received a buffer, or what the decoder made of the bytes
	 */
	void deliver(Object received) {
		this.payload = received;
		Message<?> message = null;
		try {
			message = toMessage();
			if (message != null) {
				TcpListener listener = getListener();
				if (listener == null) {
					throw new NoListenerException("No listener");
				}
				listener.onMessage(message);
			}
		}
		catch (Exception | Error ex) {
			notHandled(message, ex);
		}
		finally {
			ReferenceCountUtil.release(this.payload);
			this.payload = null;
		}
	}

	private void notHandled(@Nullable Message<?> message, Throwable cause) {
		if (message != null) {
			ReferenceCountUtil.safeRelease(message.getPayload());
		}
		if (cause instanceof NoListenerException) {
			this.logger.warn("Unexpected message on %s, nothing listens".formatted(getConnectionId()));
		}
		else {
			this.logger.error("Failed to handle a message of %s".formatted(getConnectionId()), cause);
		}
	}

	private @Nullable Message<?> toMessage() {
		try {
			return (this.ownMapper != null) ? this.ownMapper.toMessage(this) : getMapper().toMessage(this);
		}
		catch (RuntimeException | Error ex) {
			served().life().abandon();
			wire().execute(() -> failed(ex, CloseReasons.ofFrame(ex)));
			return null;
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
				output().send(bytes);
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
			served().abandon(CloseReasons.ofReply(ex));
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
	 * has ended; it is then closed, if it is not yet to be read to its end
	 */
	@Override
	public void send(Message<?> message) {
		try {
			if (!write(message)) {
				throw output().end().failure();
			}
		}
		catch (Exception ex) {
			MessagingException failure = new MessagingException(message, "Send Failed", ex);
			publishConnectionExceptionEvent(failure);
			if (!output().end().isCut()) {
				closeConnection(true);
			}
			throw failure;
		}
	}

	/**
	 * Waits until it has ended, as long as may be; not on an event loop.
	 */
	public void awaitEnd(Duration atMost) throws InterruptedException {
		channel().closeFuture().await(atMost.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Runs an action on the event loop when the system has taken what was sent so far, or
	 * the connection has ended; called on it. Who sends and does not stop to read would
	 * fill the memory, and with a peer that does not read before it is read from wait for
	 * ever.
	 */
	public void whenTaken(Runnable action) {
		output().taken().addListener((done) -> action.run());
	}

	private boolean write(Message<?> message) {
		Object mapped = getMapper().fromMessage(message);
		try {
			if (mapped == null) {
				throw new IllegalStateException("The mapper returned null for message: " + message);
			}
			boolean taken = output().send((this.framing != null) ? OutgoingMessage.framed(this.framing, mapped)
					: OutgoingMessage.serialized(getSerializer(), mapped, channel().alloc()));
			if (mapped instanceof HttpReply reply && reply.isLast()) {
				served().close(CloseReason.CLOSED);
			}
			return taken;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new MessagingException(message, "Interrupted while sending", ex);
		}
		catch (SocketTimeoutException ex) {
			served().reset(CloseReason.SLOW_READER);
			throw new UncheckedIOException(ex);
		}
	}

}
