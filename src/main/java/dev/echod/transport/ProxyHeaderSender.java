package dev.echod.transport;

import dev.echod.proxy.ProxyVersion;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;

/**
 * Begins a connection with a PROXY header that names its own ends, as a proxy would that
 * speaks for itself; then it is gone.
 */
final class ProxyHeaderSender extends ChannelInboundHandlerAdapter {

	private final ProxyVersion version;

	ProxyHeaderSender(ProxyVersion version) {
		this.version = version;
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		SocketChannel channel = (SocketChannel) ctx.channel();
		byte[] header = this.version.header(channel.localAddress(), channel.remoteAddress());
		ctx.writeAndFlush(Unpooled.wrappedBuffer(header), ctx.voidPromise());
		ctx.fireChannelActive();
		ctx.pipeline().remove(this);
	}

}
