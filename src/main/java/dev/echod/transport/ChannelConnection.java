package dev.echod.transport;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLSession;

import dev.echod.connection.CloseReason;
import dev.echod.connection.ServedConnection;
import dev.echod.gateway.NonBlockingTcpInboundGateway;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.SocketInfo;
import org.springframework.integration.ip.tcp.connection.TcpConnectionInterceptor;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.connection.TcpListener;

/**
 * What Spring Integration asks of a connection besides its messages: who and where it is,
 * and how it ends.
 */
abstract class ChannelConnection extends TcpConnectionSupport {

	private final SocketChannel channel;

	private final boolean server;

	private final ServedConnection served;

	private final ChannelWire wire;

	private final ConnectionOutput output;

	private final FactoryConnections owner;

	private final String hostAddress;

	private int readTimeoutMillis;

	/**
	 * Create a connection.
	 * @param readTimeoutMillis how long it may be silent; 0 is forever
	 */
	ChannelConnection(SocketChannel channel, boolean server, ServedConnection served, ConnectionOutput output,
			ChannelWire wire, FactoryConnections owner, int readTimeoutMillis,
			ApplicationEventPublisher eventPublisher) {
		super(eventPublisher);
		this.channel = channel;
		this.server = server;
		this.served = served;
		this.output = output;
		this.wire = wire;
		this.owner = owner;
		this.readTimeoutMillis = Math.max(0, readTimeoutMillis);
		this.hostAddress = served.endpoints().client().getAddress().getHostAddress();
	}

	/**
	 * It, as it is listed and closed.
	 */
	public ServedConnection served() {
		return this.served;
	}

	SocketChannel channel() {
		return this.channel;
	}

	ConnectionOutput output() {
		return this.output;
	}

	ChannelWire wire() {
		return this.wire;
	}

	@Override
	public String getConnectionId() {
		return this.served.id();
	}

	@Override
	public String getConnectionFactoryName() {
		return this.served.listener();
	}

	@Override
	public boolean isServer() {
		return this.server;
	}

	@Override
	public String getHostAddress() {
		return this.hostAddress;
	}

	/**
	 * The client's address: names are not looked up.
	 */
	@Override
	public String getHostName() {
		return this.hostAddress;
	}

	@Override
	public int getPort() {
		return this.served.endpoints().client().getPort();
	}

	@Override
	public SocketInfo getSocketInfo() {
		return new SocketInfo(socket());
	}

	ChannelSocket socket() {
		try {
			return new ChannelSocket(this.channel, this.served.endpoints().client(), this);
		}
		catch (SocketException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public @Nullable SSLSession getSslSession() {
		TlsHandler tls = this.channel.pipeline().get(TlsHandler.class);
		return (tls != null) ? tls.engine().getSession() : null;
	}

	@Override
	public Object getDeserializerStateKey() {
		return this;
	}

	@Override
	public boolean isOpen() {
		return this.channel.isActive() && !this.output.end().isCut() && !this.served.life().isCloseRequested();
	}

	/**
	 * Does nothing: the event loop reads.
	 */
	@Override
	public void run() {
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
		this.wire.execute(this.served.life()::shutdownOutput);
	}

	/**
	 * Closes in order, and returns at once: what was handed on is handled and what was
	 * sent is delivered, for ten seconds at most; then comes our FIN, and for another
	 * second the peer's is awaited. The close event comes when it is gone.
	 */
	@Override
	public void close() {
		this.served.close(CloseReason.CLOSED);
	}

	/**
	 * It is ready.
	 */
	void opened() {
		this.owner.opened(this);
	}

	/**
	 * The channel is gone. Nobody waits for the replies to what a gateway has not handled
	 * yet.
	 */
	void ended() {
		if (getListener() instanceof NonBlockingTcpInboundGateway) {
			this.served.life().abandon();
		}
		this.owner.ended(this);
	}

	/**
	 * What was received cannot be handled: closes in order, what came before is answered.
	 * For want of memory, closes at once.
	 */
	void failed(Throwable cause, CloseReason reason) {
		if (reason == CloseReason.MEMORY_SHORT) {
			broken(cause, reason);
			return;
		}
		boolean first = this.output.end().failed(cause);
		this.served.close(reason);
		if (first) {
			publishConnectionExceptionEvent(cause);
		}
	}

	/**
	 * Reading or writing has failed: closes at once. While we close it is no news.
	 */
	void broken(Throwable cause, CloseReason reason) {
		if (this.logger.isDebugEnabled()) {
			this.logger.debug("%s failed".formatted(this.served), cause);
		}
		boolean news = !this.served.life().isCloseRequested() && this.output.end().failed(cause);
		this.served.life().fail(reason);
		if (news) {
			publishConnectionExceptionEvent(cause);
		}
	}

	void publishOpened() {
		publishConnectionOpenEvent();
	}

	/**
	 * Tells interceptors, senders, the application and those who wait for a reply that
	 * the connection is closed.
	 */
	void publishClosed() {
		try {
			closeConnection(false);
		}
		catch (RuntimeException | Error ex) {
			this.logger.error("An interceptor of %s failed to close it".formatted(this.served), ex);
			removeFromSenders();
		}
		finally {
			try {
				super.close();
			}
			finally {
				tellListener();
			}
		}
	}

	/**
	 * Tells senders that it is gone, as the outermost interceptor does where there are
	 * any.
	 */
	void removeFromSenders() {
		TcpConnectionInterceptor outermost = null;
		TcpListener next = getListener();
		while (next instanceof TcpConnectionInterceptor interceptor) {
			outermost = interceptor;
			next = interceptor.getListener();
		}
		if (outermost != null) {
			outermost.removeDeadConnection(outermost);
		}
		else {
			getSenders().forEach((sender) -> sender.removeDeadConnection(this));
		}
	}

	private void tellListener() {
		if (getListener() instanceof NonBlockingTcpInboundGateway) {
			// It has nobody who waits for a reply.
			return;
		}
		Exception failure = this.output.end().failure();
		if (!(failure instanceof ClosedChannelException)) {
			sendExceptionToListener(failure);
		}
		else if (!this.server) {
			sendExceptionToListener(new EOFException("Connection is closed"));
		}
	}

	/**
	 * How long it may be silent, in milliseconds; 0 is forever.
	 */
	int readTimeoutMillis() {
		return this.readTimeoutMillis;
	}

	void readTimeout(int millis) {
		this.readTimeoutMillis = Math.max(0, millis);
	}

	@Override
	public String toString() {
		return this.served.id();
	}

}
