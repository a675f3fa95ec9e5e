package dev.echod.transport;

import java.io.UncheckedIOException;
import java.net.SocketException;
import javax.net.ssl.SSLSession;

import dev.echod.connection.ServedConnection;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.SocketInfo;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;

/**
 * What Spring Integration asks of a connection besides its messages: who and where it is.
 */
abstract class ChannelConnection extends TcpConnectionSupport {

	private final SocketChannel channel;

	private final boolean server;

	private final ServedConnection served;

	private final String hostAddress;

	private int readTimeoutMillis;

	ChannelConnection(SocketChannel channel, boolean server, ServedConnection served, int readTimeoutMillis,
			ApplicationEventPublisher eventPublisher) {
		super(eventPublisher);
		this.channel = channel;
		this.server = server;
		this.served = served;
		this.readTimeoutMillis = Math.max(0, readTimeoutMillis);
		this.hostAddress = served.peer().getAddress().getHostAddress();
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
	 * The peer's address: names are not looked up.
	 */
	@Override
	public String getHostName() {
		return this.hostAddress;
	}

	@Override
	public int getPort() {
		return this.served.peer().getPort();
	}

	@Override
	public SocketInfo getSocketInfo() {
		return new SocketInfo(socket());
	}

	ChannelSocket socket() {
		try {
			return new ChannelSocket(this.channel, this.served.peer(), this);
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
	public boolean isOpen() {
		return this.channel.isActive() && !this.served.life().isCloseRequested();
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
