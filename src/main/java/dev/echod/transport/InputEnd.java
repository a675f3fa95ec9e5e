package dev.echod.transport;

import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;

/**
 * How Netty tells of a peer's FIN: by one event, by another after it, or by both.
 */
final class InputEnd {

	private InputEnd() {
	}

	/**
	 * Whether an event tells of it.
	 */
	static boolean isToldBy(Object event) {
		return event instanceof ChannelInputShutdownEvent || event instanceof ChannelInputShutdownReadComplete;
	}

}
