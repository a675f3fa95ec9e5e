package dev.echod.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;

import io.netty.channel.socket.SocketChannel;

/**
 * Shows a channel as the socket that Spring Integration's interfaces ask for: its
 * addresses, options and state. It does no input and output.
 */
final class ChannelSocket extends Socket {

	private final SocketChannel channel;

	private final InetSocketAddress peer;

	private final ChannelConnection connection;

	ChannelSocket(SocketChannel channel, InetSocketAddress peer, ChannelConnection connection) throws SocketException {
		super((SocketImpl) null);
		this.channel = channel;
		this.peer = peer;
		this.connection = connection;
	}

	@Override
	public InetAddress getInetAddress() {
		return this.peer.getAddress();
	}

	@Override
	public int getPort() {
		return this.peer.getPort();
	}

	@Override
	public InetAddress getLocalAddress() {
		return localAddress().getAddress();
	}

	@Override
	public int getLocalPort() {
		return localAddress().getPort();
	}

	@Override
	public SocketAddress getRemoteSocketAddress() {
		return this.peer;
	}

	@Override
	public SocketAddress getLocalSocketAddress() {
		return localAddress();
	}

	private InetSocketAddress localAddress() {
		return this.channel.localAddress();
	}

	@Override
	public boolean isConnected() {
		return this.channel.isActive();
	}

	@Override
	public boolean isBound() {
		return this.channel.isActive();
	}

	@Override
	public boolean isClosed() {
		return !this.channel.isOpen();
	}

	@Override
	public boolean isInputShutdown() {
		return this.channel.isInputShutdown();
	}

	@Override
	public boolean isOutputShutdown() {
		return this.channel.isOutputShutdown();
	}

	@Override
	public boolean getTcpNoDelay() {
		return this.channel.config().isTcpNoDelay();
	}

	@Override
	public int getSoLinger() {
		return this.channel.config().getSoLinger();
	}

	@Override
	public int getSoTimeout() {
		return this.connection.readTimeoutMillis();
	}

	/**
	 * Holds for a connection that is being set up.
	 */
	@Override
	public void setSoTimeout(int timeout) {
		this.connection.readTimeout(timeout);
	}

	@Override
	public int getSendBufferSize() {
		return this.channel.config().getSendBufferSize();
	}

	@Override
	public int getReceiveBufferSize() {
		return this.channel.config().getReceiveBufferSize();
	}

	@Override
	public boolean getKeepAlive() {
		return this.channel.config().isKeepAlive();
	}

	@Override
	public int getTrafficClass() {
		return this.channel.config().getTrafficClass();
	}

	@Override
	public boolean getReuseAddress() {
		return this.channel.config().isReuseAddress();
	}

	@Override
	public boolean getOOBInline() {
		return false;
	}

	@Override
	public String toString() {
		return this.channel.toString();
	}

}
