package dev.echod.framing;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;

/**
 * Comes out of a decoder to be sent to the peer at once: it is no message, and no reply
 * to one.
 */
public enum Interim {

	/**
	 * A client that wants to send the body of its request may (RFC 9110, section 15.2.1).
	 */
	CONTINUE;

	/**
	 * Writes it.
	 */
	public void write(ByteBuf out) {
		out.writeCharSequence("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII);
	}

}
