package dev.echod.service;

import org.jspecify.annotations.Nullable;

import org.springframework.integration.core.GenericHandler;
import org.springframework.integration.handler.AbstractReplyProducingMessageHandler;
import org.springframework.messaging.Message;

/**
 * Answers a message with what a handler makes of its payload; null is no reply.
 *
 * @param <P> the payload
 */
class HandlerService<P> extends AbstractReplyProducingMessageHandler {

	private final GenericHandler<P> handler;

	HandlerService(GenericHandler<P> handler) {
		this.handler = handler;
	}

	@Override
	@SuppressWarnings("unchecked")
	protected @Nullable Object handleRequestMessage(Message<?> requestMessage) {
		return this.handler.handle((P) requestMessage.getPayload(), requestMessage.getHeaders());
	}

}
