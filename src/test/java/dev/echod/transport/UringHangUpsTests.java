package dev.echod.transport;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.echod.testing.Needs;
import dev.echod.testing.TestClient;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.uring.IoUringServerSocketChannel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UringHangUpsTests {

	private static final long SECONDS = 10;

	@BeforeAll
	static void ioUringWorks() {
		Needs.transport(Transport.IO_URING);
	}

	/**
	 * Where it wants a buffer to read into Netty catches nothing.
	 */
	@Test
	void connectionWithoutMemoryIsClosedAndItsEventLoopGoesOn() throws Exception {
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, UringHangUps.newFactory());
		try {
			Echo echo = new Echo();
			Channel server = new ServerBootstrap().group(group)
				.channel(IoUringServerSocketChannel.class)
				.childHandler(echo)
				.bind("127.0.0.1", 0)
				.sync()
				.channel();
			int port = ((InetSocketAddress) server.localAddress()).getPort();
			try (TestClient unlucky = new TestClient(port); TestClient other = new TestClient(port)) {
				other.send(new byte[] { 1 });
				assertThat(other.receive(1)).containsExactly(1);
				unlucky.send(new byte[] { Echo.WITHOUT_MEMORY }).sendFin();
				assertThat(echo.failure.get(SECONDS, TimeUnit.SECONDS)).hasMessage("as the test wants it");
				other.send(new byte[] { 2 });
				assertThat(other.receive(1)).containsExactly(2);
			}
		}
		finally {
			group.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).sync();
		}
	}

	/**
	 * Echoes; whose message says so has no memory from then on.
	 */
	@Sharable
	private static final class Echo extends ChannelInboundHandlerAdapter {

		private static final byte WITHOUT_MEMORY = 0;

		/**
		 * Why a connection was closed.
		 */
		private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			ctx.channel().closeFuture().addListener((future) -> this.failure.complete(cause));
		}

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			ByteBuf bytes = (ByteBuf) msg;
			if (bytes.getByte(bytes.readerIndex()) == WITHOUT_MEMORY) {
				bytes.release();
				ctx.channel().config().setAllocator(new NoMemory());
			}
			else {
				ctx.writeAndFlush(bytes);
			}
		}

	}

	private static final class NoMemory extends AbstractByteBufAllocator {

		@Override
		protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
			throw new OutOfMemoryError("as the test wants it");
		}

		@Override
		protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
			throw new OutOfMemoryError("as the test wants it");
		}

		@Override
		public boolean isDirectBufferPooled() {
			return false;
		}

	}

}
