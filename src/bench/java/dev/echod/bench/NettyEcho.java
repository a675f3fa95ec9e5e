package dev.echod.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;

import dev.echod.transport.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;

/**
 * What an echo costs in Netty alone: a handler that writes what it reads, on one event
 * loop of the transport that is named.
 */
final class NettyEcho {

	private static final int BACKLOG = 4096;

	private NettyEcho() {
	}

	static void main(String[] arguments) throws InterruptedException {
		Transport transport = Transport.valueOf(arguments[0].toUpperCase(Locale.ROOT).replace('-', '_'));
		Channel listening = new ServerBootstrap().group(new MultiThreadIoEventLoopGroup(1, handlers(transport)))
			.channel(channels(transport))
			.option(ChannelOption.SO_BACKLOG, BACKLOG)
			.childOption(ChannelOption.TCP_NODELAY, true)
			.childHandler(new ChannelInitializer<>() {
				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline().addLast(new Echo());
				}
			})
			.bind(InetAddress.getLoopbackAddress(), 0)
			.sync()
			.channel();
		Server.tellPort(((InetSocketAddress) listening.localAddress()).getPort());
	}

	private static IoHandlerFactory handlers(Transport transport) {
		return switch (transport) {
			case IO_URING -> IoUringIoHandler.newFactory();
			case EPOLL -> EpollIoHandler.newFactory();
			case KQUEUE -> KQueueIoHandler.newFactory();
			case NIO, AUTO -> NioIoHandler.newFactory();
		};
	}

	private static Class<? extends ServerChannel> channels(Transport transport) {
		return switch (transport) {
			case IO_URING -> IoUringServerSocketChannel.class;
			case EPOLL -> EpollServerSocketChannel.class;
			case KQUEUE -> KQueueServerSocketChannel.class;
			case NIO, AUTO -> NioServerSocketChannel.class;
		};
	}

	/**
	 * Nobody is read from who has not taken what was written.
	 */
	private static final class Echo extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			context.write(message);
		}

		@Override
		public void channelReadComplete(ChannelHandlerContext context) {
			context.flush();
		}

		@Override
		public void channelWritabilityChanged(ChannelHandlerContext context) {
			context.channel().config().setAutoRead(context.channel().isWritable());
			context.fireChannelWritabilityChanged();
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

}
