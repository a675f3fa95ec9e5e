package dev.echod.transport;

import io.netty.util.ReferenceCountUtil;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;

/**
 * Takes messages, and lets go of their payload.
 */
public final class DiscardHandler implements MessageHandler {

	@Override
	public void handleMessage(Message<?> message) {
		ReferenceCountUtil.release(message.getPayload());
	}

}
