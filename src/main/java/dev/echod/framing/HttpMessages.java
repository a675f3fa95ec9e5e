package dev.echod.framing;

import java.util.Locale;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Makes an {@link HttpRequest} of Netty's HTTP objects, when its body has been read.
 * Nothing follows a request that is the connection's last.
 */
final class HttpMessages extends ChannelInboundHandlerAdapter {

	/**
	 * The request whose body is being read.
	 */
	private io.netty.handler.codec.http.@Nullable HttpRequest current;

	private boolean last;

	private boolean truncated;

	/**
	 * Whether the bytes ended within a request.
	 */
	boolean isTruncated() {
		return this.truncated;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		try {
			if (!this.last && msg instanceof HttpObject part) {
				read(ctx, part);
			}
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
				ctx.fireChannelRead(Interim.CONTINUE);
			}
		}
		io.netty.handler.codec.http.HttpRequest request = this.current;
		if (request == null || (result.isSuccess() && !(part instanceof LastHttpContent))) {
			return;
		}
		this.current = null;
		if (result.isFailure() && result.cause() instanceof PrematureChannelClosureException) {
			this.truncated = true;
			return;
		}
		HttpRequest whole = whole(request, result);
		this.last = !whole.keepAlive();
		ctx.fireChannelRead(whole);
	}

	/**
	 * Netty says nothing of bytes that end within a request's first line or its body.
	 */
	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.truncated |= this.current != null && !this.last;
		ctx.fireChannelInactive();
	}

	private static HttpRequest whole(io.netty.handler.codec.http.HttpRequest request, DecoderResult result) {
		String method = request.method().name();
		if (result.isFailure()) {
			return HttpRequest.invalid(method, status(result.cause()));
		}
		boolean http10 = HttpVersion.HTTP_1_0.equals(request.protocolVersion());
		int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
		// RFC 9112, section 3.2.
		if (hosts > 1 || (hosts == 0 && HttpVersion.HTTP_1_1.equals(request.protocolVersion()))) {
			return HttpRequest.invalid(method, 400);
		}
		return new HttpRequest(method, path(request.uri()), 0, http10, HttpUtil.isKeepAlive(request));
	}

	private static int status(Throwable failure) {
		return switch (failure) {
			case TooLongHttpHeaderException ignored -> 431;
			case TooLongHttpLineException ignored -> 414;
			default -> 400;
		};
	}

	/**
	 * The path of a target in origin form or absolute form (RFC 9112, section 3.2).
	 */
	private static String path(String target) {
		String path = target;
		String lower = target.substring(0, Math.min(8, target.length())).toLowerCase(Locale.ROOT);
		if (lower.startsWith("http://") || lower.startsWith("https://")) {
			int slash = target.indexOf('/', target.indexOf("//") + 2);
			int query = target.indexOf('?');
			path = (slash < 0 || (query >= 0 && query < slash)) ? "/" : target.substring(slash);
		}
		int query = path.indexOf('?');
		return (query < 0) ? path : path.substring(0, query);
	}

}
