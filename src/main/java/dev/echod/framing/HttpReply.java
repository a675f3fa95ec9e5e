package dev.echod.framing;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * The reply to an {@link HttpRequest}. Replies are sent in the order of their requests.
 *
 * @param status such as 200
 * @param body text, sent as UTF-8; not sent to a HEAD request
 * @param allow methods for the Allow header; empty for none
 */
public record HttpReply(HttpRequest request, int status, String body, String allow) {

	/**
	 * Whether the connection ends after it.
	 */
	public boolean isLast() {
		return !this.request.keepAlive();
	}

	/**
	 * Writes the reply (RFC 9112, section 2.1).
	 */
	public void write(ByteBuf out) {
		byte[] content = this.body.getBytes(StandardCharsets.UTF_8);
		StringBuilder head = new StringBuilder(this.request.http10() ? "HTTP/1.0 " : "HTTP/1.1 ")
			.append(HttpResponseStatus.valueOf(this.status))
			.append("\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ")
			.append(content.length);
		if (!this.allow.isEmpty()) {
			head.append("\r\nallow: ").append(this.allow);
		}
		if (this.request.http10() != isLast()) {
			head.append("\r\nconnection: ").append(isLast() ? "close" : "keep-alive");
		}
		out.writeCharSequence(head.append("\r\n\r\n"), StandardCharsets.US_ASCII);
		if (!this.request.isHead()) {
			out.writeBytes(content);
		}
	}

}
