package dev.echod.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.SocketOption;

import dev.echod.connection.TcpOptions;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Sets options of a listening socket and of those that it accepts. On Linux these have
 * them from the listening socket, which costs nothing for a connection; what the JDK does
 * not set there is set on each.
 */
final class SystemOptions {

	private static final int SOL_SOCKET = 1;

	private static final int IPPROTO_IP = 0;

	private static final int IPPROTO_TCP = 6;

	private static final int IPPROTO_IPV6 = 41;

	/*
	 * Numbers of Linux's asm-generic/socket.h, linux/tcp.h and linux/in.h.
	 */
	private static final ChannelOption<Integer> SNDBUF = option("SO_SNDBUF", SOL_SOCKET, 7);

	private static final ChannelOption<Integer> RCVBUF = option("SO_RCVBUF", SOL_SOCKET, 8);

	private static final ChannelOption<Integer> KEEPALIVE = option("SO_KEEPALIVE", SOL_SOCKET, 9);

	private static final ChannelOption<Integer> REUSEPORT = option("SO_REUSEPORT", SOL_SOCKET, 15);

	private static final ChannelOption<Integer> MAXSEG = option("TCP_MAXSEG", IPPROTO_TCP, 2);

	private static final ChannelOption<Integer> KEEPIDLE = option("TCP_KEEPIDLE", IPPROTO_TCP, 4);

	private static final ChannelOption<Integer> KEEPINTVL = option("TCP_KEEPINTVL", IPPROTO_TCP, 5);

	private static final ChannelOption<Integer> KEEPCNT = option("TCP_KEEPCNT", IPPROTO_TCP, 6);

	private static final ChannelOption<Integer> DEFER_ACCEPT = option("TCP_DEFER_ACCEPT", IPPROTO_TCP, 9);

	private static final ChannelOption<Integer> USER_TIMEOUT = option("TCP_USER_TIMEOUT", IPPROTO_TCP, 18);

	private static final ChannelOption<Integer> FASTOPEN = option("TCP_FASTOPEN", IPPROTO_TCP, 23);

	private static final ChannelOption<Integer> TOS = option("IP_TOS", IPPROTO_IP, 1);

	private static final ChannelOption<Integer> TCLASS = option("IPV6_TCLASS", IPPROTO_IPV6, 67);

	private final TcpOptions options;

	SystemOptions(TcpOptions options) {
		this.options = options;
	}

	private static ChannelOption<Integer> option(String name, int level, int number) {
		return new IntegerUnixChannelOption(name, level, number);
	}

	/**
	 * Sets them on what a bootstrap will bind.
	 * @param address what it will be bound to; null for all addresses of this machine
	 */
	void set(ServerBootstrap bootstrap, Transport transport, @Nullable InetAddress address) {
		switch (transport) {
			case IO_URING, EPOLL -> setInherited(bootstrap, address instanceof Inet6Address);
			case KQUEUE -> setOnEach(bootstrap);
			case NIO, AUTO -> {
				setKeepAliveTimes(bootstrap);
				setOnEach(bootstrap);
			}
		}
	}

	private void setInherited(ServerBootstrap bootstrap, boolean ipv6) {
		TcpOptions.KeepAlive keepAlive = this.options.keepAlive();
		if (keepAlive != null) {
			bootstrap.option(KEEPALIVE, 1)
				.option(KEEPIDLE, (int) keepAlive.idle().toSeconds())
				.option(KEEPINTVL, (int) keepAlive.interval().toSeconds())
				.option(KEEPCNT, keepAlive.count());
		}
		set(bootstrap, USER_TIMEOUT, (int) this.options.userTimeout().toMillis());
		set(bootstrap, SNDBUF, this.options.sendBuffer());
		set(bootstrap, RCVBUF, this.options.receiveBuffer());
		set(bootstrap, TOS, this.options.trafficClass());
		if (ipv6) {
			set(bootstrap, TCLASS, this.options.trafficClass());
		}
		set(bootstrap, FASTOPEN, this.options.fastOpen());
		set(bootstrap, DEFER_ACCEPT, (int) this.options.deferAccept().toSeconds());
		set(bootstrap, MAXSEG, this.options.maxSegment());
		set(bootstrap, REUSEPORT, this.options.reusePort() ? 1 : 0);
	}

	private static void set(ServerBootstrap bootstrap, ChannelOption<Integer> option, int value) {
		if (value > 0) {
			bootstrap.option(option, value);
		}
	}

	private void setKeepAliveTimes(ServerBootstrap bootstrap) {
		TcpOptions.KeepAlive keepAlive = this.options.keepAlive();
		if (keepAlive != null) {
			bootstrap.option(ofJdk(ExtendedSocketOptions.TCP_KEEPIDLE), (int) keepAlive.idle().toSeconds())
				.option(ofJdk(ExtendedSocketOptions.TCP_KEEPINTERVAL), (int) keepAlive.interval().toSeconds())
				.option(ofJdk(ExtendedSocketOptions.TCP_KEEPCOUNT), keepAlive.count());
		}
	}

	private static <T> ChannelOption<T> ofJdk(SocketOption<T> option) {
		return NioChannelOption.of(option);
	}

	private void setOnEach(ServerBootstrap bootstrap) {
		if (this.options.keepAlive() != null) {
			bootstrap.childOption(ChannelOption.SO_KEEPALIVE, true);
		}
		if (this.options.receiveBuffer() > 0) {
			bootstrap.option(ChannelOption.SO_RCVBUF, this.options.receiveBuffer());
		}
		if (this.options.sendBuffer() > 0) {
			bootstrap.childOption(ChannelOption.SO_SNDBUF, this.options.sendBuffer());
		}
		if (this.options.trafficClass() > 0) {
			bootstrap.childOption(ChannelOption.IP_TOS, this.options.trafficClass());
		}
	}

}
