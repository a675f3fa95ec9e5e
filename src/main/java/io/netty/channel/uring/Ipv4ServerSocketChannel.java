package io.netty.channel.uring;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

import io.netty.channel.Channel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannelConfig;
import org.jspecify.annotations.Nullable;

/**
 * Listens on IPv4 alone. Up to 4.2.18 Netty's own cannot be told to, as those of epoll
 * and of the JDK can: where there is IPv6 it binds {@code ::} for {@code 0.0.0.0}. What a
 * server channel is made of is open to this package only.
 */
public final class Ipv4ServerSocketChannel extends AbstractIoUringServerChannel implements ServerSocketChannel {

	private final IoUringServerSocketChannelConfig config;

	public Ipv4ServerSocketChannel() {
		super(LinuxSocket.newSocketStream(false), false);
		this.config = new IoUringServerSocketChannelConfig(this);
	}

	@Override
	public ServerSocketChannelConfig config() {
		return this.config;
	}

	@Override
	public InetSocketAddress localAddress() {
		return (InetSocketAddress) super.localAddress();
	}

	@Override
	public InetSocketAddress remoteAddress() {
		return (InetSocketAddress) super.remoteAddress();
	}

	@Override
	public void doBind(SocketAddress localAddress) throws Exception {
		super.doBind(localAddress);
		this.socket.listen(this.config.getBacklog());
		this.active = true;
	}

	/**
	 * Takes the peer's address as it was accepted, where it was told: a socket that was
	 * reset since tells none.
	 */
	@Override
	Channel newChildChannel(int fd, @Nullable ByteBuffer acceptedAddress) {
		LinuxSocket child = new LinuxSocket(fd);
		if (acceptedAddress == null) {
			return new IoUringSocketChannel(this, child);
		}
		IoUringIoHandler handler = registration().attachment();
		return new IoUringSocketChannel(this, child, SockaddrIn.getIPv4(acceptedAddress, handler.inet4AddressArray()));
	}

}
