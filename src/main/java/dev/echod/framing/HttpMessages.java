package dev.echod.framing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Between Netty's HTTP objects and a service's requests and replies. A request comes out
 * when its body has been read; replies go in, in the order of the requests, and the
 * connection is kept or closed as the request asked (RFC 9112, section 9.3).
 */
final class HttpMessages extends ChannelDuplexHandler {

	/**
	 * Requests that were passed on and have no reply yet.
	 */
	private final Queue<Asked> asked = new ArrayDeque<>();

	/**
	 * The request whose body is being read.
	 */
	private io.netty.handler.codec.http.@Nullable HttpRequest current;

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (!(msg instanceof HttpObject part)) {
			ctx.fireChannelRead(msg);
			return;
		}
		try {
			read(ctx, part);
		}
		finally {
			ReferenceCountUtil.release(msg);
		}
	}

	private void read(ChannelHandlerContext ctx, HttpObject part) {
		DecoderResult result = part.decoderResult();
		if (part instanceof io.netty.handler.codec.http.HttpRequest request) {
			this.current = request;
			if (result.isSuccess() && HttpUtil.is100ContinueExpected(request)) {
				ctx.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
			}
		}
		io.netty.handler.codec.http.HttpRequest request = this.current;
		if (request == null || (result.isSuccess() && !(part instanceof LastHttpContent))) {
			return;
		}
		this.current = null;
		if (result.isFailure() && result.cause() instanceof PrematureChannelClosureException) {
			ctx.fireChannelRead(TruncatedFrame.INSTANCE);
			return;
		}
		int invalid = invalid(request, result);
		this.asked.add(new Asked((invalid == 0) ? request.protocolVersion() : HttpVersion.HTTP_1_1,
				HttpMethod.HEAD.equals(request.method()), invalid == 0 && HttpUtil.isKeepAlive(request)));
		ctx.fireChannelRead(new HttpRequest(request.method().name(), path(request.uri()), invalid));
	}

	/**
	 * Netty says nothing of a body that ends too early.
	 */
	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof ChannelInputShutdownEvent && this.current != null) {
			this.current = null;
			ctx.fireChannelRead(TruncatedFrame.INSTANCE);
		}
		ctx.fireUserEventTriggered(event);
	}

	private static int invalid(io.netty.handler.codec.http.HttpRequest request, DecoderResult result) {
		if (result.isFailure()) {
			return switch (result.cause()) {
				case TooLongHttpHeaderException ignored -> 431;
				case TooLongHttpLineException ignored -> 414;
				default -> 400;
			};
		}
		boolean hostNeeded = HttpVersion.HTTP_1_1.equals(request.protocolVersion());
		return (hostNeeded && request.headers().getAll(HttpHeaderNames.HOST).size() != 1) ? 400 : 0;
	}

	private static String path(String uri) {
		int query = uri.indexOf('?');
		return (query < 0) ? uri : uri.substring(0, query);
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		Asked request = (msg instanceof HttpReply) ? this.asked.poll() : null;
		if (request == null) {
			ctx.write(msg, promise);
			return;
		}
		ctx.write(response((HttpReply) msg, request), promise);
		if (!request.keepAlive()) {
			ctx.fireUserEventTriggered(LastReply.INSTANCE);
		}
	}

	private static FullHttpResponse response(HttpReply reply, Asked request) {
		byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
		FullHttpResponse response = new DefaultFullHttpResponse(
				HttpVersion.HTTP_1_0.equals(request.version()) ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1,
				HttpResponseStatus.valueOf(reply.status()),
				request.head() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
		response.headers()
			.set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
			.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
		if (!reply.allow().isEmpty()) {
			response.headers().set(HttpHeaderNames.ALLOW, reply.allow());
		}
		HttpUtil.setKeepAlive(response, request.keepAlive());
		return response;
	}

	private record Asked(HttpVersion version, boolean head, boolean keepAlive) {

	}

}
