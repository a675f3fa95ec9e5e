package dev.echod.framing;

import java.io.IOException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;

/**
 * HTTP requests, taken out of bytes by Netty's decoder.
 */
final class HttpFrames implements FrameDecoder {

	/**
	 * Bytes that are decoded at a time: what they can hold of requests is made at once.
	 */
	private static final int PIECE = 1024;

	private final HttpDecoder decoder;

	private final HttpMessages messages = new HttpMessages();

	private final EmbeddedChannel channel;

	private boolean ended;

	HttpFrames(int maxHead) {
		this.decoder = new HttpDecoder(maxHead);
		this.channel = new EmbeddedChannel(this.decoder, this.messages);
	}

	@Override
	public @Nullable Object decode(ByteBuf bytes) {
		Object message = this.channel.readInbound();
		while (message == null && bytes.isReadable()) {
			this.channel.writeInbound(bytes.readRetainedSlice(Math.min(PIECE, bytes.readableBytes())));
			message = this.channel.readInbound();
		}
		return message;
	}

	@Override
	public @Nullable Object decodeEnd(ByteBuf bytes) throws IOException {
		if (!this.ended) {
			this.ended = true;
			this.channel.finish();
		}
		Object message = this.channel.readInbound();
		if (message == null && (this.decoder.isTruncated() || this.messages.isTruncated())) {
			throw FrameException.truncated();
		}
		return message;
	}

	@Override
	public void release() {
		this.channel.finishAndReleaseAll();
	}

}
