package dev.echod.framing;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import org.jspecify.annotations.Nullable;

/**
 * Requests and their contents. The bytes of a head are looked at before Netty's decoder
 * keeps its fields as objects.
 */
final class HttpDecoder extends HttpRequestDecoder {

	/**
	 * The longest head, in bytes; the trailers after its body are counted with its
	 * fields.
	 */
	static final int MAX_HEAD = 16 * 1024;

	private static final int MAX_LINE = 8192;

	/**
	 * The most fields of a head, or of the trailers after a body.
	 */
	private static final int MAX_FIELDS = 100;

	private final HttpHead head;

	private boolean refused;

	private boolean truncated;

	HttpDecoder(int maxHead) {
		super(new HttpDecoderConfig().setMaxInitialLineLength(Math.min(MAX_LINE, maxHead))
			.setMaxHeaderSize(Math.min(MAX_HEAD, maxHead))
			.setTrailersFactory(new FewHeaders()));
		this.head = new HttpHead(Math.min(MAX_HEAD, maxHead));
	}

	/**
	 * Whether the bytes ended within a request's first line.
	 */
	boolean isTruncated() {
		return this.truncated;
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
		Exception failure = this.refused ? null : this.head.scan(in);
		if (failure != null) {
			this.refused = true;
			out.add(refusal(failure));
		}
		if (this.refused) {
			in.skipBytes(in.readableBytes());
			return;
		}
		int before = in.readableBytes();
		int known = out.size();
		super.decode(ctx, in, out);
		this.head.taken(before - in.readableBytes());
		for (Object part : out.subList(known, out.size())) {
			if (part instanceof LastHttpContent) {
				this.head.begin();
			}
			else if (part instanceof HttpRequest) {
				this.head.end();
			}
		}
	}

	private static HttpRequest refusal(Exception failure) {
		HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
		request.setDecoderResult(DecoderResult.failure(failure));
		return request;
	}

	@Override
	protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
		super.decodeLast(ctx, in, out);
		this.truncated = in.isReadable();
	}

	/**
	 * The bytes of a request's head, which are looked at once each. It has
	 * {@value #MAX_FIELDS} fields at most (RFC 6585, section 5), and none of its lines is
	 * folded (RFC 9112, section 5.2).
	 */
	private static final class HttpHead {

		private final int maxSize;

		private boolean ended;

		/**
		 * How many bytes were looked at that the decoder has not taken.
		 */
		private int ahead;

		private int size;

		private int lines;

		private int lineLength;

		HttpHead(int maxSize) {
			this.maxSize = maxSize;
		}

		void begin() {
			this.ended = false;
			this.ahead = 0;
			this.size = 0;
			this.lines = 0;
			this.lineLength = 0;
		}

		void end() {
			this.ended = true;
		}

		void taken(int bytes) {
			this.ahead = Math.max(0, this.ahead - bytes);
		}

		/**
		 * Looks at what is new.
		 * @return what is wrong; null when nothing is
		 */
		@Nullable Exception scan(ByteBuf in) {
			for (int i = in.readerIndex() + this.ahead; !this.ended && i < in.writerIndex(); i++) {
				this.ahead++;
				Exception failure = scan(in.getByte(i));
				if (failure != null) {
					return failure;
				}
			}
			return null;
		}

		private @Nullable Exception scan(byte next) {
			boolean atStart = this.lineLength == 0 && this.lines > 0;
			this.size++;
			if (next == '\n') {
				this.ended = atStart;
				this.lines += (this.lineLength > 0) ? 1 : 0;
				this.lineLength = 0;
			}
			else if (next != '\r') {
				this.lineLength++;
				if (atStart && (next == ' ' || next == '\t')) {
					return new IllegalArgumentException("A line of the head is folded");
				}
			}
			// A first line that is too long is the decoder's to refuse.
			boolean tooLong = this.lines > 0 && this.size > this.maxSize;
			return (tooLong || this.lines > MAX_FIELDS + 1)
					? new TooLongHttpHeaderException("The head is longer than is allowed") : null;
		}

	}

	/**
	 * Fields that are no more than may be.
	 */
	private static final class FewHeaders implements HttpHeadersFactory {

		@Override
		public HttpHeaders newHeaders() {
			return new DefaultHttpHeaders() {

				private int count;

				@Override
				public HttpHeaders add(CharSequence name, Object value) {
					countOne();
					return super.add(name, value);
				}

				@Override
				public HttpHeaders add(String name, Object value) {
					countOne();
					return super.add(name, value);
				}

				private void countOne() {
					if (++this.count > MAX_FIELDS) {
						throw new TooLongHttpHeaderException("There are more trailers than are allowed");
					}
				}

			};
		}

		@Override
		public HttpHeaders newEmptyHeaders() {
			return newHeaders();
		}

	}

}
