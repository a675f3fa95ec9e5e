package dev.echod.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

import javax.net.ssl.SSLException;

import dev.echod.connection.Endpoints;
import dev.echod.tls.ClientTls;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;

/**
 * Sets a connection up when there is one: of one that could not be made, nobody learns
 * but who asked for it.
 */
final class Connected extends ChannelInboundHandlerAdapter {

	private static final String NO_TLS = "The server does not speak TLS";

	private final SocketChannel channel;

	private final InetSocketAddress peer;

	private final CompletableFuture<TcpConnectionSupport> connection;

	private final BiFunction<SocketChannel, Endpoints, TcpConnectionSupport> setup;

	/**
	 * Create the last handler of a channel that is not connected.
	 * @param connection completed when it is there, with TLS after the handshake
	 * @param setup makes it
	 */
	Connected(SocketChannel channel, InetSocketAddress peer, CompletableFuture<TcpConnectionSupport> connection,
			BiFunction<SocketChannel, Endpoints, TcpConnectionSupport> setup) {
		this.channel = channel;
		this.peer = peer;
		this.connection = connection;
		this.setup = setup;
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		if (ctx.pipeline().get(TlsHandler.class) == null) {
			complete(ctx, new Endpoints(this.peer, this.channel.localAddress()));
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof SslHandshakeCompletionEvent completion) {
			TlsHandler secured = ctx.pipeline().get(TlsHandler.class);
			if (completion.isSuccess()) {
				secured.secured();
				complete(ctx, new Endpoints(this.peer, this.channel.localAddress())
					.encrypted(ClientTls.details(secured.engine())));
			}
			else {
				this.connection.completeExceptionally(new UncheckedIOException(failure(completion.cause())));
			}
		}
	}

	private static IOException failure(Throwable cause) {
		return switch (cause) {
			case NotSslRecordException ignored -> new SSLException(NO_TLS);
			// An echo of our own.
			case SSLException ssl when String.valueOf(ssl.getMessage()).contains("client_hello") ->
				new SSLException(NO_TLS);
			case IOException io -> io;
			default -> new IOException(cause);
		};
	}

	private void complete(ChannelHandlerContext ctx, Endpoints endpoints) {
		try {
			TcpConnectionSupport made = this.setup.apply(this.channel, endpoints);
			ctx.fireChannelActive();
			if (!this.connection.complete(made)) {
				// Nobody waits for it any more.
				made.close();
			}
		}
		catch (RuntimeException | Error ex) {
			this.connection.completeExceptionally(ex);
			ctx.close();
		}
		ctx.pipeline().remove(this);
	}

	/**
	 * Of what fails before there is a connection, who asked for it learns.
	 */
	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		this.connection.completeExceptionally(new UncheckedIOException(failure(cause)));
		ctx.close();
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.connection.completeExceptionally(new UncheckedIOException(new ClosedChannelException()));
	}

}
