package dev.echod.transport;

import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.echod.connection.ByteRates;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.integration.ip.tcp.connection.AbstractConnectionFactory;

/**
 * Sets a new socket's options from its connection factory, then lets the factory make its
 * connection.
 */
final class ConnectionInitializer extends ChannelInitializer<SocketChannel> {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionInitializer.class);

	private final AbstractConnectionFactory factory;

	private final ConnectionBuffers buffers;

	private final RecvByteBufAllocator readAllocator;

	private final WriteBufferWaterMark waterMark;

	private final Supplier<ByteRates> rates;

	private final Consumer<SocketChannel> connectionSetup;

	ConnectionInitializer(AbstractConnectionFactory factory, ConnectionBuffers buffers, Supplier<ByteRates> rates,
			Consumer<SocketChannel> connectionSetup) {
		this.factory = factory;
		this.buffers = buffers;
		this.rates = rates;
		this.readAllocator = buffers.readAllocator();
		this.waterMark = buffers.waterMark();
		this.connectionSetup = connectionSetup;
	}

	@Override
	protected void initChannel(SocketChannel channel) {
		SocketChannelConfig config = channel.config();
		config.setAllowHalfClosure(true);
		config.setRecvByteBufAllocator(readAllocator());
		config.setWriteBufferWaterMark(this.waterMark);
		config.setTcpNoDelay(this.factory.isSoTcpNoDelay());
		if (this.factory.isSoKeepAlive()) {
			config.setKeepAlive(true);
		}
		if (this.factory.getSoSendBufferSize() > 0) {
			config.setSendBufferSize(this.factory.getSoSendBufferSize());
		}
		if (this.factory.getSoReceiveBufferSize() > 0) {
			config.setReceiveBufferSize(this.factory.getSoReceiveBufferSize());
		}
		if (this.factory.getSoLinger() >= 0) {
			config.setSoLinger(this.factory.getSoLinger());
		}
		if (this.factory.getSoTrafficClass() >= 0) {
			config.setTrafficClass(this.factory.getSoTrafficClass());
		}
		this.connectionSetup.accept(channel);
	}

	/**
	 * Netty keeps the first that it reads with.
	 */
	private RecvByteBufAllocator readAllocator() {
		ByteRates current = this.rates.get();
		return current.isNone() ? this.readAllocator : this.buffers.readAllocator(current.mostAtOnce());
	}

	/**
	 * A peer that is gone before its socket was set up is no news.
	 */
	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		logger.debug("{} could not be set up", ctx.channel(), cause);
		ctx.close();
	}

}
