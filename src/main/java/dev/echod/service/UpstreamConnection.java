package dev.echod.service;

import java.util.Objects;

import dev.echod.tls.ClientTls;
import dev.echod.transport.EventLoops;
import dev.echod.transport.Frames;
import dev.echod.transport.NettyClientConnectionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.integration.channel.QueueChannel;
import org.springframework.integration.ip.tcp.outbound.TcpOutboundGateway;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * One connection of a relay to its upstream, made when it is needed. Used by one message
 * at a time.
 */
class UpstreamConnection {

	private final QueueChannel replies = new QueueChannel();

	private final TcpOutboundGateway gateway = new TcpOutboundGateway() {

		@Override
		public void onMessage(Message<?> message) {
			if (!UpstreamConnection.this.awaiting) {
				UpstreamConnection.this.unsolicited = true;
			}
			UpstreamConnection.this.awaiting = false;
			super.onMessage(message);
		}

	};

	/**
	 * Whether a request waits for its reply.
	 */
	private volatile boolean awaiting;

	/**
	 * Whether something came that nobody asked for: the next reply could be another's.
	 */
	private volatile boolean unsolicited;

	/**
	 * Create a connection that is not made yet.
	 * @param tls null when it is not secured
	 */
	UpstreamConnection(String name, RelayProperties properties, Frames frames, @Nullable ClientTls tls,
			EventLoops eventLoops, AutowireCapableBeanFactory beanFactory) {
		NettyClientConnectionFactory connectionFactory = new NettyClientConnectionFactory(properties.host(),
				properties.port(), eventLoops);
		connectionFactory.setFrames(frames);
		connectionFactory.setTls(tls, null);
		connectionFactory.setConnectTimeout(Math.toIntExact(properties.timeout().toSeconds()));
		connectionFactory.setSendTimeout(properties.timeout());
		beanFactory.initializeBean(connectionFactory, name + ".connections");
		this.gateway.setConnectionFactory(connectionFactory);
		this.gateway.setRemoteTimeout(properties.timeout().toMillis());
		this.gateway.setSecondChanceDelay(0);
		this.gateway.setReplyChannel(this.replies);
		beanFactory.initializeBean(this.gateway, name);
	}

	void start() {
		this.gateway.start();
	}

	void stop() {
		this.gateway.stop();
	}

	/**
	 * Drops the connection, with whatever may still come over it.
	 */
	void reset() {
		stop();
		this.replies.clear();
		this.unsolicited = false;
		start();
	}

	byte[] exchange(byte[] message) {
		if (this.unsolicited) {
			reset();
		}
		this.awaiting = true;
		this.gateway.handleMessage(new GenericMessage<>(message));
		Message<?> reply = Objects.requireNonNull(this.replies.receive(0));
		return (byte[]) reply.getPayload();
	}

}
