package dev.echod.transport;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSession;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ConnectionState;
import dev.echod.connection.OpenConnection;
import dev.echod.framing.ByteArrayStreamSerializer;
import dev.echod.framing.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.serializer.Serializer;
import org.springframework.integration.ip.tcp.connection.NoListenerException;
import org.springframework.integration.ip.tcp.connection.SocketInfo;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptorSupport;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.connection.TcpListener;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
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
public final class NettyTcpConnection extends TcpConnectionSupport implements OpenConnection {

	private final SocketChannel channel;

	private final boolean server;

	private final String id;

	private final String factoryName;

	private final ConnectionOwner owner;

	private final InetSocketAddress peer;

	private final String hostAddress;

	private final Instant openedAt = Instant.now();

	private TcpConnectionSupport outermost = this;

	private int readTimeout;

	private final EventLoops eventLoops;

	private final ConnectionHandler handler;

	/**
	 * Null when the serializers frame the messages.
	 */
	private @Nullable Framing framing;

	private @Nullable Object payload;

	private @Nullable MessageHeaders messageHeaders;

	NettyTcpConnection(SocketChannel channel, boolean server, String id, String factoryName, InetSocketAddress peer,
			ConnectionOwner owner, EventLoops eventLoops, ApplicationEventPublisher eventPublisher) {
		super(eventPublisher);
		this.channel = channel;
		this.server = server;
		this.id = id;
		this.factoryName = factoryName;
		this.owner = owner;
		this.peer = peer;
		this.hostAddress = peer.getAddress().getHostAddress();
		this.eventLoops = eventLoops;
		this.handler = new ConnectionHandler(this, channel, eventLoops);
	}

	/**
	 * Completes the connection once it has its listener and serializers.
	 * @param outermost the last of the interceptors around this connection, or this
	 * @param executor calls the listener; null to call it on the event loop
	 * @param frames how bytes become messages; null for the deserializer to say
	 * @param writeStallMillis how long the peer may not read; 0 is forever
	 */
	void addTo(ChannelPipeline pipeline, TcpConnectionSupport outermost, @Nullable Executor executor,
			@Nullable Frames frames, long writeStallMillis) {
		this.outermost = outermost;
		this.framing = (frames != null) ? frames.framing() : null;
		boolean framed = frames != null && frames.framing() != Framing.STREAM;
		boolean stream = frames != null || getDeserializer() instanceof ByteArrayStreamSerializer;
		this.handler.prepare(stream ? null : new DeserializerDecoder(getDeserializer()), executor, framed,
				writeStallMillis);
		if (this.readTimeout > 0) {
			pipeline.addLast(new IdleStateHandler(this.readTimeout, 0, 0, TimeUnit.MILLISECONDS));
		}
		if (frames != null && framed) {
			pipeline.addLast(new ByteCounter(this.handler.activity(), this.eventLoops));
			frames.framing().addCodec(pipeline, frames.maxFrame());
		}
		pipeline.addLast(this.handler);
	}

	/**
	 * Takes this connection out of its factory's map, and lets its interceptors forget
	 * it.
	 */
	void removeFrom(Map<String, TcpConnectionSupport> connections) {
		if (connections.remove(this.id) instanceof TcpConnectionInterceptorSupport interceptor) {
			interceptor.removeDeadConnection(interceptor);
		}
	}

	int getReadTimeout() {
		return this.readTimeout;
	}

	void setReadTimeout(int readTimeout) {
		this.readTimeout = readTimeout;
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public String getConnectionId() {
		return this.id;
	}

	@Override
	public String getConnectionFactoryName() {
		return this.factoryName;
	}

	@Override
	public boolean isServer() {
		return this.server;
	}

	@Override
	public String listener() {
		return this.factoryName;
	}

	@Override
	public InetSocketAddress peer() {
		return this.peer;
	}

	@Override
	public InetSocketAddress local() {
		return this.channel.localAddress();
	}

	@Override
	public ConnectionState state() {
		return this.handler.isCloseRequested() ? ConnectionState.CLOSING : ConnectionState.OPEN;
	}

	@Override
	public Instant openedAt() {
		return this.openedAt;
	}

	@Override
	public Duration idleFor() {
		return this.handler.idleFor();
	}

	@Override
	public String getHostAddress() {
		return this.hostAddress;
	}

	/**
	 * The peer's address: names are not looked up.
	 */
	@Override
	public String getHostName() {
		return this.hostAddress;
	}

	@Override
	public int getPort() {
		return this.peer.getPort();
	}

	@Override
	public SocketInfo getSocketInfo() {
		return new SocketInfo(socket());
	}

	ChannelSocket socket() {
		try {
			return new ChannelSocket(this, this.channel);
		}
		catch (SocketException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public @Nullable SSLSession getSslSession() {
		return null;
	}

	@Override
	public Object getDeserializerStateKey() {
		return this;
	}

	@Override
	public long bytesReceived() {
		return this.handler.activity().bytesReceived();
	}

	@Override
	public long bytesSent() {
		return this.handler.activity().bytesSent();
	}

	@Override
	public long pendingBytes() {
		return this.handler.pendingBytes();
	}

	@Override
	public boolean isOwing() {
		return this.handler.isOwing();
	}

	@Override
	public long messages() {
		return this.handler.activity().messages();
	}

	@Override
	public boolean isOpen() {
		return this.channel.isActive() && !this.handler.isCloseRequested();
	}

	/**
	 * Does nothing: the event loop reads.
	 */
	@Override
	public void run() {
	}

	/**
	 * Hands a message to the listener; called for one message at a time.
	 * @param received bytes, or what the deserializer made of them
	 */
	void deliver(Object received) {
		this.payload = received;
		try {
			TcpListener listener = getListener();
			if (listener == null) {
				throw new NoListenerException("No listener");
			}
			Message<?> message = getMapper().toMessage(this);
			if (message != null) {
				listener.onMessage(message);
			}
		}
		catch (NoListenerException ex) {
			this.logger.warn("Unexpected message on %s, nothing listens".formatted(this.id));
		}
		catch (Exception ex) {
			this.logger.error("Failed to handle a message of %s".formatted(this.id), ex);
		}
		finally {
			if (this.payload != null) {
				ReferenceCountUtil.release(takePayload());
			}
		}
	}

	/**
	 * The message that is being delivered: what the deserializer made of it; with the
	 * {@code stream} framing its bytes. Null when it was taken already.
	 */
	@Override
	public @Nullable Object getPayload() {
		Object taken = takePayload();
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

	@Nullable Object takePayload() {
		Object taken = this.payload;
		this.payload = null;
		return taken;
	}

	MessageHeaders messageHeaders(BufferMessageMapper mapper) {
		MessageHeaders headers = this.messageHeaders;
		if (headers == null) {
			headers = mapper.newHeaders(this);
			this.messageHeaders = headers;
		}
		return headers;
	}

	/**
	 * A channel that sends what it is given through the interceptors to the peer. It
	 * drops what comes after the connection's end: nobody is there to miss it.
	 */
	MessageChannel replyChannel() {
		return (reply, timeout) -> {
			if (this.outermost != this) {
				this.outermost.send(reply);
			}
			else {
				write(reply);
			}
			return true;
		};
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
				throw new IOException("Connection %s is closed".formatted(this.id));
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
		Assert.state(mapped != null, () -> "The mapper returned null for message: " + message);
		try {
			return this.handler.send(framed(mapped));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new MessagingException(message, "Interrupted while sending", ex);
		}
	}

	private Object framed(Object mapped) {
		Framing known = this.framing;
		if (known == null) {
			return (mapped instanceof ByteBuf) ? mapped : serialize(mapped);
		}
		return switch (mapped) {
			case ByteBuf buffer -> known.encode(this.channel.alloc(), buffer);
			case byte[] bytes -> known.encode(this.channel.alloc(), Unpooled.wrappedBuffer(bytes));
			default -> mapped;
		};
	}

	private ByteBuf serialize(Object mapped) {
		ByteBuf buffer = this.channel.alloc().ioBuffer();
		try (OutputStream output = new ByteBufOutputStream(buffer)) {
			@SuppressWarnings("unchecked")
			Serializer<Object> serializer = (Serializer<Object>) getSerializer();
			serializer.serialize(mapped, output);
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

	@Override
	public void shutdownInput() {
		this.channel.shutdownInput();
	}

	/**
	 * Sends a FIN after all that was sent. Replies are still received.
	 */
	@Override
	public void shutdownOutput() {
		this.handler.shutdownOutput();
	}

	/**
	 * Closes in order, and returns at once: what was received is handled and what was
	 * sent is delivered, for ten seconds at most; then comes our FIN, and for another
	 * second the peer's is awaited.
	 */
	@Override
	public void close() {
		close(CloseReason.CLOSED);
	}

	@Override
	public void close(CloseReason reason) {
		this.handler.close(reason);
	}

	void abandon(CloseReason reason) {
		this.handler.abandon(reason);
	}

	@Override
	public void closeIfQuiet(Duration quiet, CloseReason reason) {
		this.handler.closeIfQuiet(quiet, reason);
	}

	@Override
	public void reset(CloseReason reason) {
		this.handler.reset(reason);
	}

	EventExecutor eventLoop() {
		return this.channel.eventLoop();
	}

	/**
	 * Sends bytes that have their frames; called on the event loop.
	 * @param frames taken
	 */
	void push(ByteBuf frames) {
		this.handler.push(frames);
	}

	/**
	 * How many high water marks of bytes wait for the peer to take them.
	 */
	long highWaterMarksBehind() {
		return this.handler.pendingBytes() / this.channel.config().getWriteBufferHighWaterMark();
	}

	/**
	 * Holds back what the peer sends, or goes on; called on the event loop.
	 */
	void hold(boolean hold) {
		this.handler.hold(hold);
	}

	ChannelFuture closeFuture() {
		return this.channel.closeFuture();
	}

	void opened() {
		this.owner.opened(this);
	}

	void closed(CloseReason reason) {
		this.owner.closed(this, reason);
	}

	void publishOpened() {
		publishConnectionOpenEvent();
	}

	void publishFailure(Throwable cause) {
		publishConnectionExceptionEvent(cause);
	}

	/**
	 * Tells those who wait for a reply, the senders and the application that the
	 * connection is closed.
	 */
	void publishClosed(@Nullable Throwable failure) {
		if (failure instanceof Exception exception) {
			sendExceptionToListener(exception);
		}
		else if (!this.server) {
			sendExceptionToListener(new EOFException("Connection is closed"));
		}
		super.close();
	}

}
